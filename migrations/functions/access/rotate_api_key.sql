-- may be null: p_by
-- never null: all but replaced
-- Gives a key a successor with the same name, scopes and expiry, and lets the old key expire at `p_until` at the
-- latest.
--
-- `outcome` is `rotated`, or `over` if the key is revoked, expired or has a successor already; no row if there is no
-- such key.
-- Locks the key.
-- Running it twice answers `over`.
create or replace function rotate_api_key(
  p_id uuid, p_successor uuid, p_prefix text, p_hash text, p_until timestamptz, p_now timestamptz, p_by uuid
) returns table (outcome text, key jsonb, replaced jsonb)
language plpgsql set search_path = public, pg_temp as $$
declare
  own api_keys;
  made api_keys;
begin
  select k.* into own from api_keys k where k.id = p_id for update;
  if not found then
    return;
  end if;
  if own.revoked_at is not null or own.expires_at <= p_now
    or exists (select from api_keys k where k.rotated_from = p_id) then
    return query select 'over', to_jsonb(own), null::jsonb;
    return;
  end if;
  insert into api_keys (id, name, prefix, hash, scopes, created_at, expires_at, created_by, rotated_from)
  values (p_successor, own.name, p_prefix, p_hash, own.scopes, p_now, own.expires_at, p_by, p_id)
  returning * into made;
  update api_keys k set expires_at = least(k.expires_at, p_until) where k.id = p_id returning k.* into own;
  return query select 'rotated', to_jsonb(made), to_jsonb(own);
end $$;
