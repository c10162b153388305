-- may be null: p_key
-- Sends to an endpoint again, from the next event on.
-- Running it twice changes nothing.
create or replace function enable_webhook_endpoint(p_id uuid, p_now timestamptz, p_key uuid) returns setof webhook_endpoints
language plpgsql set search_path = public, pg_temp as $$
declare
  v_before webhook_endpoints;
  own webhook_endpoints;
begin
  select e.* into v_before from webhook_endpoints e where e.id = p_id for update;
  if v_before.state = 'disabled' then
    update webhook_endpoints e set state = 'enabled', disabled_reason = null, disabled_at = null, failing_since = null,
      failures = 0, held_until = null, updated_at = p_now
    where e.id = p_id returning e.* into own;
    perform note_webhook_action('enable_webhook_endpoint', v_before, own, p_now, p_key);
  end if;
  return query select e.* from webhook_endpoints e where e.id = p_id;
end $$;
