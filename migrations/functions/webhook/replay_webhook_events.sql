-- may be null: p_key
-- never null: replayed
-- Sends all events since an instant to an endpoint again, including those that it did not receive at the time because
-- it was disabled or did not want them.
--
-- At most `p_limit`, oldest first.
-- Returns how many, and when the last of them happened if there may be more.
create or replace function replay_webhook_events(p_endpoint uuid, p_since timestamptz, p_limit integer, p_now timestamptz, p_key uuid)
returns table (replayed bigint, at timestamptz) language plpgsql set search_path = public, pg_temp as $$
begin
  insert into operator_actions (at, key_id, action, after)
  values (p_now, p_key, 'replay_webhook_deliveries', jsonb_build_object('endpoint_id', p_endpoint, 'since', p_since));
  return query
  with chosen as materialized (
    select v.id, v.subscription_id, v.type, v.at from webhook_events v join webhook_endpoints e on e.id = p_endpoint
    where v.at >= p_since and e.state = 'enabled' and (e.event_types is null or v.type = any (e.event_types))
    order by v.at, v.id limit p_limit
  ), told as (
    insert into webhook_deliveries as d
      (endpoint_id, event_id, subscription_id, type, queued_at, due_at, created_at)
    select p_endpoint, c.id, c.subscription_id, c.type, p_now, p_now, p_now from chosen c order by c.id
    on conflict (endpoint_id, event_id) do update set state = 'pending', attempts = 0, queued_at = p_now, due_at = p_now,
      delivered_at = null, last_status = null, last_error = null
    where d.state <> 'pending'
    returning 1
  )
  select (select count(*) from told), (select max(c.at) from chosen c having count(*) = p_limit);
end $$;
