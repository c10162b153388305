-- Records the id of the customer at Stripe. The first id recorded wins.
-- Returns the id in force, or null if there is no such user.
create or replace function record_stripe_customer(p_user text, p_customer text) returns text
language sql set search_path = public, pg_temp as $$
  update customers set stripe_customer_id = coalesce(stripe_customer_id, p_customer) where user_id = p_user
  returning stripe_customer_id
$$;
