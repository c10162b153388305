-- callers: functions
-- Writes a draft of a version and replaces the features that it grants. `w` is an entry of `write_catalogue`.
create or replace function write_plan_version(w jsonb) returns void language plpgsql set search_path = public, pg_temp as $$
begin
  delete from plan_features where plan_version_id = (w ->> 'id')::uuid;
  insert into plan_versions (id, plan_id, version, period, price_minor, currency, trial_days, custom_for, custom_until,
    created_at)
  select r.id, p.id, r.version, r.period, r.price_minor, r.currency, r.trial_days, r.custom_for, r.custom_until,
    r.created_at
  from jsonb_populate_record(null::plan_versions, w) r join plans p on p.slug = w ->> 'slug'
  on conflict (id) do update set period = excluded.period, price_minor = excluded.price_minor,
    currency = excluded.currency, trial_days = excluded.trial_days;
  insert into plan_features (plan_version_id, feature_id, quota_limit, reset, overage, rollover_max, alert_thresholds,
    settle, per_quantity, usage_price)
  select (w ->> 'id')::uuid, f.id, t.quota_limit, t.reset, t.overage, t.rollover_max, t.alert_thresholds, t.settle,
    coalesce(t.per_quantity, false), nullif(t.usage_price, 'null')
  from jsonb_to_recordset(w -> 'features') as t(code text, quota_limit bigint, reset text, overage text,
    rollover_max bigint, alert_thresholds integer[], settle text, per_quantity boolean, usage_price jsonb)
  join features f on f.code = t.code;
end $$;
