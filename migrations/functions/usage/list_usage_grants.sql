-- may be null: p_user, p_feature
-- never null: all
-- Grants, newest first.
-- p_user, p_feature: filters, or null.
create or replace function list_usage_grants(p_user text, p_feature text, p_limit integer) returns setof jsonb
language sql stable set search_path = public, pg_temp as $$
  select usage_grant_as_json(g) from usage_grants g join features f on f.id = g.feature_id
  where (p_user is null or g.user_id = p_user) and (p_feature is null or f.code = p_feature)
  order by g.created_at desc, g.id
  limit p_limit
$$;
