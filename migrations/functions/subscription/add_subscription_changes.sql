-- callers: functions
-- Adds timeline entries, and queues a webhook for each endpoint that wants one.
--
-- p_changes: an array of entries. An entry without `kind` queues a webhook only (an invoice's own fact). `event` is
-- {"type", "fact", "about"}; `fact` names an event that is no timeline entry.
-- The caller holds the subscription's row, so that no two writers use the same number, and events of one subscription
-- commit in the order of their ids.
-- An event that was queued before is not queued again.
create or replace function add_subscription_changes(p_subscription uuid, p_changes jsonb) returns void
language plpgsql set search_path = public, pg_temp as $$
declare
  v_last bigint := (
    select coalesce(max(l.seq), 0) from subscription_changes l where l.subscription_id = p_subscription);
  v_name text := 'evt_' || replace(p_subscription::text, '-', '');
begin
  insert into subscription_changes (subscription_id, seq, at, actor, kind, before, after, cause, key_id, asked_by)
  select p_subscription, v_last + row_number() over (order by c.ordinal), c.at, c.actor, c.kind, c.before, c.after, c.cause,
    c.key_id, c.asked_by
  from rows from (
    jsonb_to_recordset(p_changes) as (at timestamptz, actor text, kind text, before jsonb, after jsonb, cause text, key_id uuid, asked_by text)
  ) with ordinality as c(at, actor, kind, before, after, cause, key_id, asked_by, ordinal)
  where c.kind is not null;
  -- Without endpoints no event is stored.
  if not exists (select from webhook_endpoints) then
    return;
  end if;
  with told as (
    insert into webhook_events
      (key, subscription_id, sequence, type, at, actor, cause, before, subscription, about, traceparent)
    select v_name || '_' || coalesce(c.event ->> 'fact', c.sequence::text), p_subscription, c.sequence, c.event ->> 'type',
      c.at, c.actor, c.cause, c.before, to_jsonb(s), c.event -> 'about', c.traceparent
    from (
      select i.*, v_last + count(i.kind) over (order by i.ordinal) as sequence
      from rows from (
        jsonb_to_recordset(p_changes) as (
          at timestamptz, actor text, kind text, before jsonb, cause text, event jsonb, traceparent text)
      ) with ordinality as i(at, actor, kind, before, cause, event, traceparent, ordinal)
    ) c
    join subscriptions s on s.id = p_subscription
    where c.event is not null and c.event <> 'null'
    order by c.ordinal
    on conflict (key) do nothing
    returning id, type, at
  )
  insert into webhook_deliveries (endpoint_id, event_id, subscription_id, type, queued_at, due_at, created_at)
  select e.id, t.id, p_subscription, t.type, t.at, t.at, t.at
  from told t join webhook_endpoints e
    on e.state = 'enabled' and (e.event_types is null or t.type = any (e.event_types))
  order by t.id;
end $$;
