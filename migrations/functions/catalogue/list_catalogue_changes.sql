-- The latest changes of the catalogue.
create or replace function list_catalogue_changes(p_limit integer) returns setof catalogue_changes
language sql stable set search_path = public, pg_temp as $$
  select c.* from catalogue_changes c order by c.id desc limit p_limit
$$;
