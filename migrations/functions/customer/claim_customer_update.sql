-- Claims one customer whose address and name have to be sent to Stripe, for `p_lease_ms` milliseconds.
-- A customer who is unknown to Stripe waits: the details are sent when a checkout has created the customer there.
create or replace function claim_customer_update(p_now timestamptz, p_lease_ms integer) returns setof customers
language sql set search_path = public, pg_temp as $$
  update customers k set details_attempts = k.details_attempts + 1,
    details_due_at = p_now + p_lease_ms * interval '1 millisecond'
  where k.user_id = (
    select c.user_id from customers c
    where c.details_due_at <= p_now and c.stripe_customer_id is not null
    order by c.details_due_at limit 1 for update skip locked
  )
  returning k.*
$$;
