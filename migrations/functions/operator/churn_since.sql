-- callers: functions
-- never null: all
-- Churn from `p_since` until now, as one document: of the customers that paid then, how many pay nothing now, and how much of
-- their monthly revenue ended or grew, by currency, in minor units at list prices before discounts.
--
-- A customer pays while a subscription with a price is `active` or `past_due`: a trial or a free plan pays nothing. The state at
-- `p_since` is that before the first timeline entry since; without an entry it is the present one. Plan changes, pauses
-- and a second subscription are the same customer, so they are compared by sums.
create or replace function churn_since(p_since timestamptz) returns jsonb
language sql stable set search_path = public, pg_temp as $$
  with first as materialized (
    select distinct on (c.subscription_id) c.subscription_id, c.before
    from subscription_changes c where c.at > p_since
    order by c.subscription_id, c.seq
  ), priced as (
    select s.user_id, a.currency,
      case when s.created_at > p_since or not (case when f.subscription_id is null then s.status else f.before ->> 'status' end in ('active', 'past_due'))
        then 0
        when f.subscription_id is null then n.minor
        else list_monthly_minor(b.price_minor, b.period, (f.before ->> 'quantity')::bigint)
          + case when f.before ? 'addons' then list_monthly_minor(addons_minor(f.before -> 'addons'), b.period, 1) else 0 end
      end as was,
      n.minor as is_now
    from subscriptions s
    join plan_versions a on a.id = s.plan_version_id
    left join first f on f.subscription_id = s.id
    left join plan_versions b on b.id = (f.before ->> 'planVersionId')::uuid
    cross join lateral (select case when s.status in ('active', 'past_due')
      then list_monthly_minor(a.price_minor, a.period, s.quantity)
        + case when s.addons <> '[]' then list_monthly_minor(addons_minor(s.addons), a.period, 1) else 0 end
      else 0 end as minor) n
    where s.status in ('active', 'past_due') or f.subscription_id is not null
  ), sums as (
    select p.user_id, p.currency, sum(coalesce(p.was, 0)) as was, sum(p.is_now) as is_now
    from priced p group by p.user_id, p.currency
  ), customers as (
    select bool_or(c.was > 0) as paid, bool_or(c.is_now > 0) as pays from sums c group by c.user_id
  )
  select jsonb_build_object(
    'customersBefore', (select count(*) filter (where c.paid) from customers c),
    'customersLost', (select count(*) filter (where c.paid and not c.pays) from customers c),
    'revenue', (
      select coalesce(jsonb_agg(jsonb_build_object('currency', r.currency, 'beforeMinor', r.before_minor,
        'lostMinor', r.lost_minor, 'grownMinor', r.grown_minor) order by r.before_minor desc, r.currency), '[]')
      from (
        select c.currency, sum(c.was) as before_minor, sum(greatest(c.was - c.is_now, 0)) as lost_minor,
          sum(greatest(c.is_now - c.was, 0)) as grown_minor
        from sums c where c.was > 0 group by c.currency) r))
$$;
