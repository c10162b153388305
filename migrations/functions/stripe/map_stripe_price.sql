-- Maps a price that was made at Stripe to a version. The latest mapping wins.
create or replace function map_stripe_price(p_price text, p_version uuid, p_now timestamptz) returns void
language sql set search_path = public, pg_temp as $$
  insert into stripe_prices (price_id, plan_version_id, created_at) values (p_price, p_version, p_now)
  on conflict (price_id) do update set plan_version_id = p_version
$$;
