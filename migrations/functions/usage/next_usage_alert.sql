-- The amount at which the next alert is due if `p_used` is used; null if none is left.
-- p_base: the limit that thresholds refer to.
create or replace function next_usage_alert(p_subscription uuid, p_feature uuid, p_base bigint, p_used bigint) returns bigint
language sql stable as $$
  select min((t.threshold * p_base + 99) / 100)
  from subscriptions s
  join plan_features pf on pf.plan_version_id = s.plan_version_id and pf.feature_id = p_feature
  cross join unnest(pf.alert_thresholds) as t(threshold)
  where s.id = p_subscription and p_base > 0 and t.threshold * p_base > p_used * 100
$$;
