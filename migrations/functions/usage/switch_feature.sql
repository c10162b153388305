-- may be null: p_expires_at
-- never null: all
-- Switches a boolean feature on or off for one user, whatever the plan says. Setting it again replaces it.
-- p_expires_at: null is never.
create or replace function switch_feature(
  p_user text, p_feature text, p_enabled boolean, p_expires_at timestamptz, p_reason text, p_now timestamptz, p_key uuid
) returns jsonb language plpgsql set search_path = public, pg_temp as $$
declare
  v_feature uuid;
  v_type text;
  v_before jsonb;
  v_after usage_overrides;
begin
  select f.id, f.type into v_feature, v_type from features f where f.code = p_feature;
  if not found then
    return jsonb_build_object('kind', 'refused', 'because', 'feature_not_found');
  elsif v_type <> 'boolean' then
    return jsonb_build_object('kind', 'refused', 'because', 'feature_has_amount');
  end if;
  insert into customers (user_id, created_at) values (p_user, p_now) on conflict (user_id) do nothing;
  select usage_override_as_json(o) into v_before from usage_overrides o
  where o.user_id = p_user and o.feature_id = v_feature for update;
  insert into usage_overrides (user_id, feature_id, is_enabled, expires_at, reason, created_at)
  values (p_user, v_feature, p_enabled, p_expires_at, p_reason, p_now)
  on conflict (user_id, feature_id) do update set is_enabled = excluded.is_enabled, expires_at = excluded.expires_at,
    reason = excluded.reason, created_at = excluded.created_at
  returning * into v_after;
  insert into operator_actions (at, key_id, action, user_id, before, after)
  values (p_now, p_key, 'set_override', p_user, v_before, usage_override_as_json(v_after));
  return jsonb_build_object('kind', 'set', 'override', usage_override_as_json(v_after));
end $$;
