-- may be null: p_types, p_key
-- Changes an endpoint and returns it; no row if there is none.
-- p_types: null is every type, also those of later releases.
create or replace function change_webhook_endpoint(
  p_id uuid, p_url text, p_description text, p_types text[], p_now timestamptz, p_key uuid
) returns setof webhook_endpoints language plpgsql set search_path = public, pg_temp as $$
declare
  v_before webhook_endpoints;
  own webhook_endpoints;
begin
  select e.* into v_before from webhook_endpoints e where e.id = p_id for update;
  if v_before.id is null then
    return;
  end if;
  update webhook_endpoints e set url = p_url, description = p_description, event_types = p_types, updated_at = p_now
  where e.id = p_id returning e.* into own;
  perform note_webhook_action('change_webhook_endpoint', v_before, own, p_now, p_key);
  return next own;
end $$;
