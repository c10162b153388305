-- never null: all
-- The overrides of a user.
create or replace function list_usage_overrides(p_user text) returns setof jsonb
language sql stable set search_path = public, pg_temp as $$
  select usage_override_as_json(o) from usage_overrides o join features f on f.id = o.feature_id
  where o.user_id = p_user
  order by f.code
$$;
