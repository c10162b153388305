-- What a webhook leads to is told by another process, or minutes later: the W3C `traceparent` of the request that brought an
-- event makes both one trace. Ids of a trace and nothing else; null where nobody traces, and for what no webhook brought.
alter table stripe_events add column traceparent text
  constraint traceparent_is_w3c check (traceparent ~ '^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$');

-- When these events came, for the measure of how long they took.
create function list_stripe_event_receipts(p_events text[]) returns table (received_at timestamptz)
language sql stable set search_path = public, pg_temp as $$
  select e.received_at from stripe_events e where e.event_id = any (p_events)
$$;
select close_function('list_stripe_event_receipts(text[])');
