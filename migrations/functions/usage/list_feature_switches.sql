-- never null: all
-- The boolean features that an operator has switched on or off for a user, as of `p_now`.
create or replace function list_feature_switches(p_user text, p_now timestamptz)
returns table (feature_id uuid, code text, is_enabled boolean)
language sql stable set search_path = public, pg_temp as $$
  select f.id, f.code, o.is_enabled from usage_overrides o join features f on f.id = o.feature_id
  where o.user_id = p_user and o.is_enabled is not null and (o.expires_at is null or o.expires_at > p_now)
  order by f.code
$$;
