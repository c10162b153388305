-- never null: all
-- Deletes at most `p_limit` events from before `p_before` with their deliveries, and returns how many. Events with a
-- pending delivery stay.
create or replace function forget_webhook_events(p_before timestamptz, p_limit integer) returns bigint
language sql set search_path = public, pg_temp as $$
  with gone as (
    delete from webhook_events v where v.id in (
      select o.id from webhook_events o
      where o.at < p_before and not exists (
        select from webhook_deliveries d where d.event_id = o.id and d.state = 'pending')
      limit p_limit)
    returning 1
  )
  select count(*) from gone
$$;
