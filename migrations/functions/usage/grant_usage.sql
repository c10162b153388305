-- may be null: p_expires_at
-- never null: all
-- Grants an amount to a user, once per id; a repeat returns the grant as it is now.
-- p_expires_at: null is never.
-- p_key: the operator's API key.
create or replace function grant_usage(
  p_id uuid, p_user text, p_feature text, p_amount bigint, p_expires_at timestamptz, p_reason text, p_now timestamptz,
  p_key uuid
) returns jsonb language plpgsql set search_path = public, pg_temp as $$
declare
  v_found record := prepare_usage_extra(p_user, p_feature, p_now);
  g usage_grants;
begin
  if v_found.refusal is not null then
    return jsonb_build_object('kind', 'refused', 'because', v_found.refusal);
  end if;
  insert into usage_grants (id, user_id, feature_id, amount, expires_at, reason, created_at)
  values (p_id, p_user, v_found.feature_id, p_amount, p_expires_at, p_reason, p_now)
  on conflict (id) do nothing
  returning * into g;
  if found then
    insert into operator_actions (at, key_id, action, user_id, before, after)
    values (p_now, p_key, 'grant', p_user, null, usage_grant_as_json(g));
  else
    select w.* into g from usage_grants w where w.id = p_id;
  end if;
  return jsonb_build_object('kind', 'granted', 'grant', usage_grant_as_json(g));
end $$;
