-- Restores what the plan says, and returns the override; null if there was none.
create or replace function remove_usage_override(p_user text, p_feature text, p_now timestamptz, p_key uuid) returns jsonb
language plpgsql set search_path = public, pg_temp as $$
declare
  v_found record := prepare_usage_extra(p_user, p_feature, p_now);
  v_before usage_overrides;
begin
  delete from usage_overrides o where o.user_id = p_user and o.feature_id = v_found.feature_id and v_found.refusal is distinct from 'feature_not_found'
  returning o.* into v_before;
  if not found then
    return null;
  end if;
  insert into operator_actions (at, key_id, action, user_id, before, after)
  values (p_now, p_key, 'remove_override', p_user, usage_override_as_json(v_before), null);
  return usage_override_as_json(v_before);
end $$;
