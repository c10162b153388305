-- One endpoint; no row if there is none.
create or replace function find_webhook_endpoint(p_id uuid) returns setof webhook_endpoints
language sql stable set search_path = public, pg_temp as $$
  select e.* from webhook_endpoints e where e.id = p_id
$$;
