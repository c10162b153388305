-- Records the thresholds that `p_used` has reached, each once per window.
create or replace function record_usage_alerts(
  p_now timestamptz, p_subscription uuid, p_feature uuid, p_start timestamptz, p_base bigint, p_used bigint
) returns void language sql as $$
  insert into usage_alerts (subscription_id, feature_id, window_start, threshold, used_amount, quota_limit,
    crossed_at, due_at)
  select s.id, p_feature, p_start, t.threshold, p_used, p_base, p_now, p_now
  from subscriptions s
  join plan_features pf on pf.plan_version_id = s.plan_version_id and pf.feature_id = p_feature
  cross join unnest(pf.alert_thresholds) as t(threshold)
  where s.id = p_subscription and p_base > 0 and t.threshold * p_base <= p_used * 100
  on conflict do nothing
$$;
