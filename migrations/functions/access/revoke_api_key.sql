-- may be null: p_by
-- never null: all
-- Revokes a key and returns it; no row if there is no such key.
--
-- `outcome` is `revoked`, or `last_operator` (and nothing changes) if an operator asked (`p_by`) and no operator key
-- would be left: otherwise nobody could create keys over HTTP any more. p_by is null for a command on the server,
-- which may revoke any key.
-- Locks all live keys in the order of their ids, so if two operators revoke each other's key, one of them is refused.
-- Running it twice keeps the first instant.
create or replace function revoke_api_key(p_id uuid, p_now timestamptz, p_by uuid) returns table (outcome text, key jsonb)
language plpgsql set search_path = public, pg_temp as $$
declare
  v_operators uuid[];
begin
  select array_agg(u.id) into v_operators from (
    select k.id, k.scopes from api_keys k
    where k.revoked_at is null and (k.expires_at is null or k.expires_at > p_now)
    order by k.id for update
  ) u where 'operator' = any (u.scopes);
  if p_by is not null and v_operators = array[p_id] then
    return query select 'last_operator', to_jsonb(k) from api_keys k where k.id = p_id;
    return;
  end if;
  update api_keys k set revoked_at = p_now, revoked_by = p_by where k.id = p_id and k.revoked_at is null;
  return query select 'revoked', to_jsonb(k) from api_keys k where k.id = p_id;
end $$;
