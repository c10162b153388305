-- Revokes what is left of a grant and returns it; null if there is none.
-- Running it twice keeps the first instant.
create or replace function revoke_usage_grant(p_id uuid, p_now timestamptz, p_key uuid) returns jsonb
language plpgsql set search_path = public, pg_temp as $$
declare
  v_before usage_grants;
  v_after usage_grants;
begin
  select g.* into v_before from usage_grants g where g.id = p_id for update;
  if not found then
    return null;
  elsif v_before.revoked_at is not null then
    return usage_grant_as_json(v_before);
  end if;
  update usage_grants g set revoked_at = p_now where g.id = p_id returning g.* into v_after;
  insert into operator_actions (at, key_id, action, user_id, before, after)
  values (p_now, p_key, 'revoke_grant', v_after.user_id, usage_grant_as_json(v_before), usage_grant_as_json(v_after));
  return usage_grant_as_json(v_after);
end $$;
