-- Forgets a customer that was deleted at Stripe. The generation is part of the idempotency key with which the next one
-- is created, so that Stripe does not answer with the deleted customer again.
create or replace function forget_stripe_customer(p_customer text) returns void
language sql set search_path = public, pg_temp as $$
  update customers set stripe_customer_id = null, stripe_generation = stripe_generation + 1
  where stripe_customer_id = p_customer
$$;
