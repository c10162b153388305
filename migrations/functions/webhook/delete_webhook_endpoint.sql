-- may be null: p_key
-- Deletes an endpoint with its deliveries and returns it; no row if there is none.
create or replace function delete_webhook_endpoint(p_id uuid, p_now timestamptz, p_key uuid) returns setof webhook_endpoints
language plpgsql set search_path = public, pg_temp as $$
declare
  own webhook_endpoints;
begin
  delete from webhook_endpoints e where e.id = p_id returning e.* into own;
  if own.id is not null then
    perform note_webhook_action('delete_webhook_endpoint', own, null, p_now, p_key);
    return next own;
  end if;
end $$;
