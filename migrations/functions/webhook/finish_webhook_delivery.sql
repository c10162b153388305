-- may be null: p_status, p_error, p_until, p_hold_after, p_hold_until
-- Records the result of an attempt: `delivered`, `failed` for good, or `pending` to be tried again at `p_until`.
--
-- p_attempt: the number that the claim returned; an attempt that another one has overtaken changes nothing.
-- Returns the endpoint. Its failures count until a delivery succeeds; from `p_hold_after` failures on, nothing is sent
-- there before `p_hold_until`.
create or replace function finish_webhook_delivery(
  p_id bigint, p_attempt integer, p_state text, p_status integer, p_error text, p_until timestamptz,
  p_hold_after integer, p_hold_until timestamptz, p_now timestamptz
) returns setof webhook_endpoints language plpgsql set search_path = public, pg_temp as $$
declare
  own webhook_deliveries;
begin
  update webhook_deliveries d set state = p_state, last_status = p_status, last_error = p_error,
    due_at = coalesce(p_until, d.due_at), delivered_at = case when p_state = 'delivered' then p_now end
  where d.id = p_id and d.attempts = p_attempt and d.state = 'pending'
  returning d.* into own;
  if own.id is null then
    return;
  end if;
  -- Deliveries behind a failed one wait as long as it does; behind any other, the next one is due now.
  update webhook_deliveries d set due_at = case when p_state = 'pending' then greatest(d.due_at, p_until) else p_now end
  where d.endpoint_id = own.endpoint_id and d.subscription_id = own.subscription_id and d.state = 'pending'
    and d.event_id > own.event_id and (d.due_at > p_now or p_state = 'pending');
  if p_state = 'delivered' then
    update webhook_endpoints e set failing_since = null, failures = 0, held_until = null
    where e.id = own.endpoint_id and (e.failures > 0 or e.held_until is not null);
  else
    update webhook_endpoints e set failing_since = coalesce(e.failing_since, p_now), failures = e.failures + 1,
      held_until = case when e.failures + 1 >= p_hold_after then greatest(e.held_until, p_hold_until) else e.held_until end
    where e.id = own.endpoint_id;
  end if;
  return query select e.* from webhook_endpoints e where e.id = own.endpoint_id;
end $$;
