-- callers: functions
-- The terms of a feature that an add-on brings and the base plan lacks, as if they were the base plan's. Of several add-ons with the
-- feature, the one with the first version id decides, as in `domain/catalogue/pooled-plan.ts`.
create or replace function usage_addon_feature(s subscriptions, p_feature uuid) returns setof plan_features
language sql stable as $$
  select own.* from subscription_addons(s) a
  join plan_features pf on pf.plan_version_id = a.plan_version_id and pf.feature_id = p_feature
  cross join lateral jsonb_populate_record(pf, jsonb_build_object('plan_version_id', s.plan_version_id)) own
  where not exists (
    select from plan_features base where base.plan_version_id = s.plan_version_id and base.feature_id = p_feature)
  order by a.plan_version_id
  limit 1
$$;
