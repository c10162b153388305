-- may be null: p_key
-- never null: all
-- Sends these deliveries again, and returns how many. Pending ones, and those of a disabled endpoint, stay as they
-- are.
create or replace function replay_webhook_deliveries(p_ids bigint[], p_now timestamptz, p_key uuid) returns bigint
language sql set search_path = public, pg_temp as $$
  with replayed as (
    update webhook_deliveries d set state = 'pending', attempts = 0, queued_at = p_now, due_at = p_now,
      delivered_at = null, last_status = null, last_error = null
    from webhook_endpoints e
    where d.id = any (p_ids) and d.state <> 'pending' and e.id = d.endpoint_id and e.state = 'enabled'
    returning d.id
  ), noted as (
    insert into operator_actions (at, key_id, action, after)
    select p_now, p_key, 'replay_webhook_deliveries', jsonb_build_object('delivery_ids', to_jsonb(p_ids))
    where exists (select from replayed)
  )
  select count(*) from replayed
$$;
