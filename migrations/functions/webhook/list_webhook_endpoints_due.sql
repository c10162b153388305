-- never null: all
-- The endpoints that have deliveries due.
create or replace function list_webhook_endpoints_due(p_now timestamptz) returns setof uuid
language sql stable set search_path = public, pg_temp as $$
  select e.id from webhook_endpoints e
  where e.state = 'enabled' and (e.held_until is null or e.held_until <= p_now) and exists (
    select from webhook_deliveries d where d.endpoint_id = e.id and d.state = 'pending' and d.due_at <= p_now)
$$;
