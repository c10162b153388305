-- may be null: p_endpoint, p_subscription, p_state, p_type, p_after
-- never null: all but last_attempt_at, last_status, last_error, delivered_at
-- Deliveries, newest first. A null argument is no filter.
-- p_after: the last id of the page before.
create or replace function list_webhook_deliveries(
  p_endpoint uuid, p_subscription uuid, p_state text, p_type text, p_after bigint, p_limit integer
) returns table (
  id bigint, endpoint_id uuid, subscription_id uuid, event_key text, sequence bigint, type text, state text,
  attempts integer, queued_at timestamptz, due_at timestamptz, last_attempt_at timestamptz, last_status integer,
  last_error text, delivered_at timestamptz, created_at timestamptz
) language plpgsql stable
-- Planned for each call: every combination of filters has an index of its own.
set search_path = public, pg_temp set plan_cache_mode = force_custom_plan as $$
begin
  return query
  select d.id, d.endpoint_id, d.subscription_id, v.key, v.sequence, d.type, d.state, d.attempts, d.queued_at, d.due_at,
    d.last_attempt_at, d.last_status, d.last_error, d.delivered_at, d.created_at
  from webhook_deliveries d join webhook_events v on v.id = d.event_id
  where (p_endpoint is null or d.endpoint_id = p_endpoint)
    and (p_subscription is null or d.subscription_id = p_subscription)
    and (p_state is null or d.state = p_state) and (p_type is null or d.type = p_type)
    and (p_after is null or d.id < p_after)
  order by d.id desc
  limit p_limit;
end $$;
