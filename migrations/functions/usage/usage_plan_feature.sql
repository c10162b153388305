-- callers: functions
-- The terms of a feature in the customer's plans: of several live subscriptions that have it, one with access comes first,
-- then the first product line. `consume_usage` and `consume_usage_plainly` use the same order.
--
-- p_home: the customer's counters.
create or replace function usage_plan_feature(p_home uuid, p_feature uuid) returns setof plan_features
language sql stable as $$
  select pf.* from subscriptions s
  join plan_features pf on pf.plan_version_id = s.plan_version_id and pf.feature_id = p_feature
  where s.usage_home = p_home and s.status not in ('canceled', 'incomplete_expired')
  order by s.access_until is null, s.product_line
  limit 1
$$;
