-- Records the product and the price at Stripe of a version. Once set, the price stays (a trigger refuses another one).
create or replace function record_stripe_price(p_version uuid, p_product text, p_price text) returns void
language sql set search_path = public, pg_temp as $$
  update plan_versions set stripe_product_id = p_product, stripe_price_id = p_price where id = p_version
$$;
