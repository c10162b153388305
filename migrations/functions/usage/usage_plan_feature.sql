-- callers: functions
-- The terms of a feature in the customer's plans: of several live subscriptions that have it, one with access comes first,
-- then the first product line. The base plan's terms decide; an add-on's only if the base plan lacks the feature, and they then
-- carry the base plan's version, so that `plan_version_id` always leads to the subscription. `consume_usage` and `consume_usage_plainly` use the same order.
--
-- p_home: the customer's counters.
create or replace function usage_plan_feature(p_home uuid, p_feature uuid) returns setof plan_features
language sql stable as $$
  select pf.* from subscriptions s
  cross join lateral (
    select base.* from plan_features base
    where base.plan_version_id = s.plan_version_id and base.feature_id = p_feature
    union all
    select own.* from usage_addon_feature(s, p_feature) own
  ) pf
  where s.usage_home = p_home and s.status not in ('canceled', 'incomplete_expired')
  order by s.access_until is null, s.product_line
  limit 1
$$;
