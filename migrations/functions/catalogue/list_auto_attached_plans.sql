-- never null: all
-- The free versions on sale for everybody, of plans that begin by themselves. Of a plan that is sold in several currencies, the
-- first version comes first.
create or replace function list_auto_attached_plans() returns setof jsonb
language sql stable set search_path = public, pg_temp as $$
  select plan_version_as_json(v) from plan_versions v join plans p on p.id = v.plan_id
  where p.auto_attach and v.active and v.published_at is not null and v.custom_for is null and v.price_minor = 0
  order by p.product_line, v.version
$$;
