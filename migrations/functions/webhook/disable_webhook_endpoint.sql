-- may be null: p_key
-- Stops sending to an endpoint. Its pending deliveries fail; a replay sends them.
-- Running it twice keeps the first reason.
create or replace function disable_webhook_endpoint(p_id uuid, p_reason text, p_now timestamptz, p_key uuid)
returns setof webhook_endpoints language plpgsql set search_path = public, pg_temp as $$
declare
  v_before webhook_endpoints;
  own webhook_endpoints;
begin
  select e.* into v_before from webhook_endpoints e where e.id = p_id for update;
  if v_before.state = 'enabled' then
    update webhook_endpoints e set state = 'disabled', disabled_reason = p_reason, disabled_at = p_now, updated_at = p_now
    where e.id = p_id;
    update webhook_deliveries d set state = 'failed', last_error = coalesce(d.last_error, 'the endpoint was disabled')
    where d.endpoint_id = p_id and d.state = 'pending';
    select e.* into own from webhook_endpoints e where e.id = p_id;
    perform note_webhook_action('disable_webhook_endpoint', v_before, own, p_now, p_key);
  end if;
  return query select e.* from webhook_endpoints e where e.id = p_id;
end $$;
