-- callers: functions
-- Records what an operator did to an endpoint.
create or replace function note_webhook_action(p_action text, p_before webhook_endpoints, p_after webhook_endpoints, p_now timestamptz,
  p_key uuid) returns void language sql set search_path = public, pg_temp as $$
  insert into operator_actions (at, key_id, action, before, after)
  values (p_now, p_key, p_action, case when (p_before).id is not null then webhook_endpoint_as_json(p_before) end,
    case when (p_after).id is not null then webhook_endpoint_as_json(p_after) end)
$$;
