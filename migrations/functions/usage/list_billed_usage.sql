-- never null: all
-- The units of each feature beyond the quota that the invoice of a subscription's open period will have: from the start of the
-- period, or from the latest change of plan in it, whose usage before is invoiced at the plan that ended. Reported to Stripe's
-- meter or still to be reported; a report that was given up is not.
create or replace function list_billed_usage(p_subscription uuid, p_start timestamptz, p_end timestamptz)
returns table (feature_id uuid, amount bigint)
language sql stable set search_path = public, pg_temp as $$
  with since as (
    select date_trunc('second', greatest(p_start, max(c.at))) as at from subscription_changes c
    where c.subscription_id = p_subscription and c.kind = 'plan_changed' and c.at > p_start
  ), home as (
    select s.usage_home as id from subscriptions s where s.id = p_subscription
  )
  select b.feature_id, sum(b.amount)::bigint from (
    select r.feature_id, r.amount from usage_overage_reports r, since, home
    where r.subscription_id = home.id and r.state <> 'failed' and r.occurred_at >= since.at and r.occurred_at < p_end
    union all
    select u.feature_id, u.billed_amount - u.reported_amount from feature_usage u, home
    where u.subscription_id = home.id and u.window_start < p_end and u.window_end > p_start
      and u.billed_amount <> u.reported_amount
  ) b
  group by b.feature_id
  having sum(b.amount) <> 0
$$;
