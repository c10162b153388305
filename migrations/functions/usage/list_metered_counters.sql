-- never null: all but ended_at
-- The counters of customers at Stripe whose overage was reported to a meter since `p_since`, or in the open period, with the
-- subscription that pays for each: a live one that has the feature, or else the one that ended last.
--
-- period_start, anchor, ended_at: of the paying subscription. opens_at: from when on its next invoice charges usage, which is the
-- latest change of plan if there was one in the period.
create or replace function list_metered_counters(p_customers text[], p_since timestamptz)
returns table (
  stripe_customer_id text, counter_id uuid, feature_id uuid, code text, event_name text, subscription_id uuid,
  plan_version_id uuid, anchor timestamptz, period_start timestamptz, opens_at timestamptz, ended_at timestamptz
)
language sql stable set search_path = public, pg_temp as $$
  select c.stripe_customer_id, c.usage_home, f.id, f.code, coalesce(f.meter_event_name, f.code), s.id, s.plan_version_id,
    s.anchor, s.period_start, greatest(s.period_start, (
      select max(h.at) from subscription_changes h
      where h.subscription_id = s.id and h.kind = 'plan_changed' and h.at > s.period_start
        -- A change that began the period is seen some time later, and is no boundary inside it.
        and h.before ->> 'periodStart' = h.after ->> 'periodStart')), s.ended_at
  from customers c
  cross join features f
  cross join lateral (
    select s.* from subscriptions s
    left join plan_features pf on pf.plan_version_id = s.plan_version_id and pf.feature_id = f.id and pf.overage = 'bill'
    where s.user_id = c.user_id and s.stripe_subscription_id is not null and s.anchor is not null
      and s.period_start is not null
    order by s.status in ('canceled', 'incomplete_expired'), pf.feature_id is null, s.ended_at desc nulls first, s.id
    limit 1
  ) s
  where c.stripe_customer_id = any (p_customers) and exists (
    select from usage_overage_reports r
    where r.subscription_id = c.usage_home and r.feature_id = f.id
      and r.occurred_at >= least(p_since, s.period_start))
$$;
