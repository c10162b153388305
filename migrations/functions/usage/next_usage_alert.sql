-- The amount at which the next alert is due if `p_used` is used; null if none is left.
-- p_subscription: the customer's counters.
-- p_base: the limit that thresholds refer to.
create or replace function next_usage_alert(p_subscription uuid, p_feature uuid, p_base bigint, p_used bigint) returns bigint
language sql stable as $$
  select min((t.threshold * p_base + 99) / 100)
  from usage_plan_feature(p_subscription, p_feature) pf
  cross join unnest(pf.alert_thresholds) as t(threshold)
  where p_base > 0 and t.threshold * p_base > p_used * 100
$$;
