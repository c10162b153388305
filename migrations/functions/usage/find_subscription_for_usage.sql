-- callers: functions
-- Only the release before calls it; this one calls `check_usage`.
--
-- The live subscription that a question about a feature means. Of several product lines, the one that has the feature.
create or replace function find_subscription_for_usage(p_user text, p_feature text) returns setof subscriptions
language sql stable as $$
  select s.* from subscriptions s
  left join features f on f.code = p_feature
  left join plan_features pf on pf.plan_version_id = s.plan_version_id and pf.feature_id = f.id
  left join lateral usage_addon_feature(s, f.id) own on pf.feature_id is null
  where s.user_id = p_user and s.status not in ('canceled', 'incomplete_expired')
  order by coalesce(pf.feature_id, own.feature_id) is null, s.access_until is null, s.product_line
  limit 1
$$;
