-- callers: functions
-- Decides, counts and records one request against one window: the whole rule, for windows with extras and for
-- releases.
--
-- u: the window; the caller has locked it and the user's grants.
-- p_at: when the usage occurred.
-- p_amount: negative releases.
-- p_held: the part of the amount that was reserved before, which always fits.
-- p_overage: `refuse`, `allow` or `bill`.
-- The order of use: the window's own limit, then grants, then overage. A release goes the other way.
-- A refusal is recorded too, so that its repeat has the same answer.
create or replace function count_usage(
  p_now timestamptz, p_at timestamptz, p_user text, u feature_usage, p_key text, p_amount bigint, p_overage text,
  p_held bigint
) returns usage_decision language plpgsql as $$
declare
  x record := usage_extras(p_now, p_user, u.subscription_id, u.feature_id, u.window_start);
  v_limit bigint := case when x.is_overridden then x.override_limit else u.quota_limit end;
  v_base bigint := v_limit + u.rolled_in_amount - u.rolled_out_amount;
  -- Thresholds refer to everything that the window may use: a limit, and not what is left of one.
  v_total bigint := x.granted_left + u.granted_amount + v_base;
  v_own_left bigint := usage_own_left(u, v_limit);
  v_held bigint := x.held_amount - p_held;  -- by others
  v_granted bigint := 0;
  v_overage bigint := 0;
  v_billed bigint := 0;
  v_back bigint;
  v_used bigint := u.used_amount;
  v_remaining bigint;
  v_alerted boolean := false;
  v_reason text;
begin
  if p_amount < 0 then
    v_back := -p_amount;
    v_overage := -least(u.overage_amount, v_back);
    v_granted := -least(u.granted_amount, v_back + v_overage);
    -- Overage that was not billed goes first.
    v_billed := -greatest(0, -v_overage - (u.overage_amount - u.billed_amount));
    if v_back > u.used_amount then
      v_reason := 'more_than_used';
    end if;
  elsif v_limit is not null then
    v_granted := least(x.granted_left, greatest(0, p_amount - v_own_left));
    v_overage := greatest(0, p_amount - v_own_left - v_granted);
    v_billed := case when p_overage = 'bill' then v_overage else 0 end;
    if p_overage = 'refuse' and p_amount > p_held and p_amount > usage_left(v_own_left, x.granted_left, v_held) then
      v_reason := 'quota_exceeded';
    end if;
  end if;
  if v_reason is not null then
    v_granted := 0; v_overage := 0; v_billed := 0;
  else
    v_used := u.used_amount + p_amount;
    v_alerted := p_amount > 0 and v_used >= u.alert_at;
    if v_granted <> 0 then
      perform draw_usage_grants(p_now, p_user, u, v_granted);
      -- An amount that goes back to an expired grant cannot be used again.
      x := usage_extras(p_now, p_user, u.subscription_id, u.feature_id, u.window_start);
    end if;
    if v_alerted then
      perform record_usage_alerts(p_now, u.subscription_id, u.feature_id, u.window_start, v_total, v_used);
    end if;
    if v_billed <> 0 then
      insert into usage_overage_due values (u.subscription_id, u.feature_id, u.window_start) on conflict do nothing;
    end if;
    update feature_usage w set used_amount = v_used, granted_amount = w.granted_amount + v_granted,
      overage_amount = w.overage_amount + v_overage, billed_amount = w.billed_amount + v_billed,
      alert_at = case when v_alerted or p_amount < 0 and w.alert_at is null
        then next_usage_alert(u.subscription_id, u.feature_id, v_total, v_used) else w.alert_at end
    where w.subscription_id = u.subscription_id and w.feature_id = u.feature_id and w.window_start = u.window_start
    returning w.* into u;
    v_own_left := usage_own_left(u, v_limit);
    if p_at < u.summed_until then
      insert into usage_sums as s (subscription_id, feature_id, starts_at, window_start, used_amount, overage_amount,
        event_count)
      values (u.subscription_id, u.feature_id, usage_quarter(p_at), u.window_start, p_amount, v_overage, 1)
      on conflict (subscription_id, feature_id, starts_at, window_start) do update set
        used_amount = s.used_amount + excluded.used_amount, overage_amount = s.overage_amount + excluded.overage_amount,
        event_count = s.event_count + 1;
    end if;
  end if;
  v_remaining := usage_left(v_own_left, x.granted_left, v_held);
  insert into usage_events (recorded_month, subscription_id, idempotency_key, feature_id, amount, outcome, reason,
    window_start, used_after, occurred_at, granted_amount, overage_amount, billed_amount, remaining_after,
    limit_after)
  values (date_trunc('month', p_now at time zone 'UTC')::date, u.subscription_id, p_key, u.feature_id, p_amount,
    case when v_reason is null then 'allowed' else 'refused' end, v_reason, u.window_start, v_used, p_at,
    v_granted, v_overage, v_billed, v_remaining, v_limit);
  return (case when v_reason is null then 'allowed' else 'refused' end, v_reason, v_used, v_limit, v_remaining,
    v_alerted)::usage_decision;
end $$;
