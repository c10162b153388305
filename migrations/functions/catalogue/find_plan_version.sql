-- may be null: p_id, p_price
-- never null: all
-- A published version by its id, or by a price at Stripe that is its own or is mapped to it. One of the arguments is
-- null.
create or replace function find_plan_version(p_id uuid, p_price text) returns setof jsonb
language sql stable set search_path = public, pg_temp as $$
  select plan_version_as_json(v) from plan_versions v
  where v.published_at is not null and (v.id = p_id or v.stripe_price_id = p_price
    or v.id in (select s.plan_version_id from stripe_prices s where s.price_id = p_price))
  limit 1
$$;
