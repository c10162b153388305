-- never null: all
-- The versions made for one user, newest first.
create or replace function list_catalogue_offers(p_user text) returns setof jsonb
language sql stable set search_path = public, pg_temp as $$
  select catalogue_version_as_json(v) from plan_versions v where v.custom_for = p_user
  order by v.created_at desc, v.version desc
$$;
