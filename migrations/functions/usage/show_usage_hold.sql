-- callers: functions
-- A reservation with its counter as of `p_now`.
-- p_reason: why the request was refused, or null.
create or replace function show_usage_hold(p_now timestamptz, p_user text, r usage_reservations, p_reason text) returns usage_hold
language plpgsql stable as $$
declare
  u feature_usage;
  x record := usage_extras(p_now, p_user, r.subscription_id, r.feature_id, r.window_start);
  v_limit bigint;
begin
  select w.* into u from feature_usage w
  where w.subscription_id = r.subscription_id and w.feature_id = r.feature_id and w.window_start = r.window_start;
  v_limit := case when x.is_overridden then x.override_limit else u.quota_limit end;
  return (case when p_reason is null then 'allowed' else 'refused' end, p_reason, r.id, r.amount,
    case when r.state = 'held' and r.expires_at <= p_now then 'expired' else r.state end, r.settled_amount,
    r.expires_at, u.used_amount, v_limit, usage_left(usage_own_left(u, v_limit), x.granted_left, x.held_amount),
    u.subscription_id, u.window_start, u.window_end)::usage_hold;
end $$;
