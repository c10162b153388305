-- may be null: p_limit, p_expires_at
-- never null: all
-- Sets a user's limit of a feature in place of the plan's.
-- p_limit: null is unlimited.
-- p_expires_at: null is never.
create or replace function set_usage_override(
  p_user text, p_feature text, p_limit bigint, p_expires_at timestamptz, p_reason text, p_now timestamptz, p_key uuid
) returns jsonb language plpgsql set search_path = public, pg_temp as $$
declare
  v_found record := prepare_usage_extra(p_user, p_feature, p_now);
  v_before jsonb;
  v_after usage_overrides;
begin
  if v_found.refusal is not null then
    return jsonb_build_object('kind', 'refused', 'because', v_found.refusal);
  end if;
  select usage_override_as_json(o) into v_before from usage_overrides o
  where o.user_id = p_user and o.feature_id = v_found.feature_id;
  insert into usage_overrides (user_id, feature_id, quota_limit, expires_at, reason, created_at)
  values (p_user, v_found.feature_id, p_limit, p_expires_at, p_reason, p_now)
  on conflict (user_id, feature_id) do update set quota_limit = excluded.quota_limit, expires_at = excluded.expires_at,
    reason = excluded.reason, created_at = excluded.created_at
  returning * into v_after;
  insert into operator_actions (at, key_id, action, user_id, before, after)
  values (p_now, p_key, 'set_override', p_user, v_before, usage_override_as_json(v_after));
  return jsonb_build_object('kind', 'set', 'override', usage_override_as_json(v_after));
end $$;
