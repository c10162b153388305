-- never null: all
-- Whether the prices of all these versions are active at Stripe, as far as we know.
create or replace function are_sold_at_stripe(p_versions uuid[]) returns boolean
language sql stable set search_path = public, pg_temp as $$
  select not exists (
    select from stripe_catalogue where plan_version_id = any (p_versions) and pushed_active is false)
$$;
