-- callers: functions
-- A grant as the API and the record of operators' actions show it.
create or replace function usage_grant_as_json(g usage_grants) returns jsonb language sql stable as $$
  select jsonb_build_object('id', g.id, 'userId', g.user_id, 'feature', f.code, 'amount', g.amount,
    'usedAmount', g.used_amount, 'expiresAt', json_instant(g.expires_at), 'reason', g.reason,
    'createdAt', json_instant(g.created_at), 'revokedAt', json_instant(g.revoked_at))
  from features f where f.id = g.feature_id
$$;
