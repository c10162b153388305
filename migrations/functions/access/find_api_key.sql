-- The key with this hash, unless it is revoked or expired at `p_now`.
--
-- Also writes `last_used_at`, unless it was written after `p_noted_before`: one write per interval, not one per
-- request.
create or replace function find_api_key(p_hash text, p_now timestamptz, p_noted_before timestamptz) returns setof api_keys
language plpgsql set search_path = public, pg_temp as $$
begin
  update api_keys k set last_used_at = greatest(k.last_used_at, p_now)
  where k.hash = p_hash and k.revoked_at is null and (k.expires_at is null or k.expires_at > p_now)
    and (k.last_used_at is null or k.last_used_at <= p_noted_before);
  return query
  select k.* from api_keys k
  where k.hash = p_hash and k.revoked_at is null and (k.expires_at is null or k.expires_at > p_now);
end $$;
