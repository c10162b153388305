-- callers: functions
-- An override as the API and the record of operators' actions show it.
create or replace function usage_override_as_json(o usage_overrides) returns jsonb language sql stable as $$
  select jsonb_build_object('userId', o.user_id, 'feature', f.code, 'quotaLimit', o.quota_limit, 'enabled', o.is_enabled,
    'expiresAt', json_instant(o.expires_at), 'reason', o.reason, 'createdAt', json_instant(o.created_at))
  from features f where f.id = o.feature_id
$$;
