-- may be null: p_slug, p_version
-- never null: slug, version
-- The state at Stripe of all versions that cost something.
-- p_slug, p_version: filters, or null.
create or replace function list_catalogue_at_stripe(p_slug text, p_version integer) returns table (
  slug text, version integer, stripe_price_id text, pushed_at timestamptz, compared_at timestamptz, drift text,
  last_error text
) language sql stable set search_path = public, pg_temp as $$
  select p.slug, v.version, v.stripe_price_id, c.pushed_at, c.compared_at, c.drift, c.last_error
  from plan_versions v join plans p on p.id = v.plan_id left join stripe_catalogue c on c.plan_version_id = v.id
  where v.published_at is not null and v.price_minor > 0
    and (p_slug is null or p.slug = p_slug) and (p_version is null or v.version = p_version)
  order by p.rank, p.slug, v.version
$$;
