-- Records another price at Stripe for a version, whose present one was archived there. The old one stays mapped to the
-- version, because subscriptions still pay it. Does nothing if another process has replaced it.
create or replace function replace_stripe_price(p_version uuid, p_old text, p_new text, p_now timestamptz) returns void
language sql set search_path = public, pg_temp as $$
  insert into stripe_prices (price_id, plan_version_id, created_at)
  select p_old, v.id, p_now from plan_versions v where v.id = p_version and v.stripe_price_id = p_old
  on conflict (price_id) do nothing;
  update plan_versions set stripe_price_id = p_new where id = p_version and stripe_price_id = p_old
$$;
