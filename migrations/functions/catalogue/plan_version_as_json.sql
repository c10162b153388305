-- callers: functions
-- A published version as buyers see it, with its plan and features.
create or replace function plan_version_as_json(v plan_versions) returns jsonb language sql stable as $$
  select jsonb_build_object('id', v.id, 'plan_id', v.plan_id, 'version', v.version, 'period', v.period,
    'price_minor', v.price_minor, 'currency', v.currency, 'trial_days', v.trial_days,
    'stripe_price_id', v.stripe_price_id, 'is_offer', v.custom_for is not null, 'offer_ends_at', v.custom_until, 'slug', p.slug, 'name', p.name, 'product_line', p.product_line,
    'kind', p.kind, 'fits', p.fits,
    'rank', p.rank, 'features', coalesce((
      select jsonb_agg(jsonb_build_object('id', f.id, 'code', f.code, 'name', f.name, 'type', f.type, 'unit', f.unit,
        'quota_limit', pf.quota_limit, 'reset', pf.reset, 'overage', pf.overage, 'rollover_max', pf.rollover_max,
        'per_quantity', pf.per_quantity,
        'meter', coalesce(f.meter_event_name, f.code), 'usage_price', pf.usage_price)
        order by f.code)
      from plan_features pf join features f on f.id = pf.feature_id where pf.plan_version_id = v.id), '[]'))
  from plans p where p.id = v.plan_id
$$;
