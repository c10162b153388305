-- may be null: p_after
-- never null: subscription
-- Live subscriptions in the order of their ids, and whether the reconciliation run saw them at Stripe (null for those
-- that have no subscription there).
-- p_after: the last id of the page before.
create or replace function list_live_subscriptions(p_run uuid, p_after uuid, p_limit integer)
returns table (subscription jsonb, is_seen boolean)
language sql stable set search_path = public, pg_temp as $$
  select to_jsonb(s), case when s.stripe_subscription_id is not null then exists (
    select from reconciliation_seen r where r.run_id = p_run and r.stripe_id = s.stripe_subscription_id) end
  from subscriptions s
  where s.status not in ('canceled', 'incomplete_expired') and (p_after is null or s.id > p_after)
  order by s.id
  limit p_limit
$$;
