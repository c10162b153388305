-- callers: functions
-- A version as operators see it, and how many live subscriptions have it.
create or replace function catalogue_version_as_json(v plan_versions) returns jsonb language sql stable as $$
  select to_jsonb(v) || jsonb_build_object('slug', p.slug,
    'subscribers', case when p.kind = 'addon' then (
      select count(*) from subscriptions s
      where s.addons is not null and s.addons <> '[]'
        and s.addons @> jsonb_build_array(jsonb_build_object('planVersionId', v.id))
        and s.status not in ('canceled', 'incomplete_expired'))
    else (
      select count(*) from subscriptions s
      where s.plan_version_id = v.id and s.status not in ('canceled', 'incomplete_expired')) end,
    'features', coalesce((
      select jsonb_agg(jsonb_build_object('code', f.code, 'quota_limit', pf.quota_limit, 'reset', pf.reset,
        'overage', pf.overage, 'rollover_max', pf.rollover_max, 'alert_thresholds', pf.alert_thresholds,
        'settle', pf.settle, 'per_quantity', pf.per_quantity, 'usage_price', pf.usage_price) order by f.code)
      from plan_features pf join features f on f.id = pf.feature_id where pf.plan_version_id = v.id), '[]'))
  from plans p where p.id = v.plan_id
$$;
