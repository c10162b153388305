-- callers: functions
-- Records the thresholds that `p_used` has reached, each once per window, and again when the limit is higher than before.
-- A lower limit reports nothing twice. `consume_usage` has the same rule.
-- p_subscription: the customer's counters.
-- p_base: the limit that thresholds refer to.
create or replace function record_usage_alerts(
  p_now timestamptz, p_subscription uuid, p_feature uuid, p_start timestamptz, p_base bigint, p_used bigint
) returns void language sql as $$
  insert into usage_alerts (subscription_id, feature_id, window_start, threshold, used_amount, quota_limit,
    crossed_at, due_at)
  select p_subscription, p_feature, p_start, t.threshold, p_used, p_base, p_now, p_now
  from usage_plan_feature(p_subscription, p_feature) pf
  cross join unnest(pf.alert_thresholds) as t(threshold)
  where p_base > 0 and t.threshold * p_base <= p_used * 100 and not exists (
    select from usage_alerts a
    where a.subscription_id = p_subscription and a.feature_id = p_feature and a.window_start = p_start
      and a.threshold = t.threshold and a.quota_limit >= p_base)
  on conflict do nothing
$$;
