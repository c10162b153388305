-- never null: all
-- When these events were received, to measure how long they took.
create or replace function list_stripe_event_receipts(p_events text[]) returns table (received_at timestamptz)
language sql stable set search_path = public, pg_temp as $$
  select e.received_at from stripe_events e where e.event_id = any (p_events)
$$;
