-- may be null: p_name, p_user, p_now, p_currency
-- never null: all
-- What is on sale at `p_now`: of all plans, or of the one with this slug or id (`p_name`).
--
-- Versions made for `p_user` come first. Of a plan that is sold in several currencies, the version in `p_currency`
-- comes first, then the version in the plan's first currency, which is that of its first public version.
create or replace function list_plans_on_sale(p_name text, p_user text, p_now timestamptz, p_currency text) returns setof jsonb
language sql stable set search_path = public, pg_temp as $$
  select plan_version_as_json(v) from plan_versions v join plans p on p.id = v.plan_id
  where v.active and v.published_at is not null and (p_name is null or p.slug = p_name or p.id::text = lower(p_name))
    and (v.custom_for is null
      or v.custom_for = p_user and (v.custom_until is null or v.custom_until > p_now))
  order by v.custom_for is null, p.rank, p.slug, (v.currency = p_currency) desc, v.currency = (
    select first.currency from plan_versions first
    where first.plan_id = v.plan_id and first.published_at is not null and first.custom_for is null
    order by first.version limit 1) desc, v.currency
$$;
