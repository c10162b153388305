-- All endpoints, oldest first.
create or replace function list_webhook_endpoints() returns setof webhook_endpoints
language sql stable set search_path = public, pg_temp as $$
  select e.* from webhook_endpoints e order by e.created_at, e.id
$$;
