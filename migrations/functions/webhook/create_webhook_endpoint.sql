-- may be null: p_types, p_key
-- Creates an endpoint and returns it. No row if one of this id exists, or `p_max` endpoints exist already.
create or replace function create_webhook_endpoint(
  p_id uuid, p_url text, p_description text, p_types text[], p_secrets jsonb, p_max integer, p_now timestamptz, p_key uuid
) returns setof webhook_endpoints language plpgsql set search_path = public, pg_temp as $$
declare
  own webhook_endpoints;
begin
  insert into webhook_endpoints (id, url, description, event_types, secrets, rotated_by, created_at, updated_at)
  select p_id, p_url, p_description, p_types, p_secrets, 'created', p_now, p_now
  where (select count(*) from webhook_endpoints) < p_max
  on conflict (id) do nothing
  returning * into own;
  if own.id is not null then
    perform note_webhook_action('create_webhook_endpoint', null, own, p_now, p_key);
    return next own;
  end if;
end $$;
