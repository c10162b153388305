-- may be null: p_subscription, p_session, p_customer
-- The subscription that an object of Stripe's belongs to; at most one row.
--
-- Matches Stripe's subscription id or checkout session. Falls back to the customer's live subscription only if no
-- subscription id is given: another subscription of the same customer is not the one that was named.
create or replace function find_subscription_at_stripe(p_subscription text, p_session text, p_customer text)
returns setof subscriptions language plpgsql stable set search_path = public, pg_temp as $$
begin
  return query
  select s.* from subscriptions s
  where s.stripe_subscription_id = p_subscription or s.checkout_session_id = p_session
  limit 1;
  if found or p_customer is null or p_subscription is not null then
    return;
  end if;
  return query
  select s.* from subscriptions s join customers c on c.user_id = s.user_id
  where c.stripe_customer_id = p_customer and s.status not in ('canceled', 'incomplete_expired')
  order by s.stripe_subscription_id is null
  limit 1;
end $$;
