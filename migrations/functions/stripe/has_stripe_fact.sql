-- never null: all
-- Whether an event that changes this subscription of Stripe's is in one of these states.
-- p_bills: patterns of types that do not count, those of invoices.
--
-- An event that was tried more than ten times, for minutes, is stuck and does not count: what it changed is looked for
-- by the comparison instead.
--
-- Two queries, so that each uses its partial index.
create or replace function has_stripe_fact(p_stripe_subscription text, p_states text[], p_bills text[]) returns boolean
language sql stable set search_path = public, pg_temp as $$
  select exists (
    select from stripe_events e
    where e.state in ('received', 'forwarded') and e.state = any (p_states) and e.attempts <= 10
      and e.object_ids ->> 'stripeSubscriptionId' = p_stripe_subscription and not e.type like any (p_bills)
  ) or exists (
    select from stripe_events e
    where e.state = 'parked' and e.state = any (p_states)
      and e.object_ids ->> 'stripeSubscriptionId' = p_stripe_subscription and not e.type like any (p_bills)
  )
$$;
