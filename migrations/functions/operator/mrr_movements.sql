-- never null: all
-- How monthly revenue moved, by month (UTC) and currency, at list prices before discounts. Of each subscription the first
-- state of the month is compared with the last. Pauses count as revenue that ended, and resumptions as new revenue.
--
-- Reads the timeline entries in [p_since, p_until). The sum of the four is the change of the revenue.
create or replace function mrr_movements(p_since timestamptz, p_until timestamptz) returns table (
  month text, currency text, new_minor bigint, expansion_minor bigint, contraction_minor bigint, ended_minor bigint
) language sql stable set search_path = public, pg_temp as $$
  with ends as (
    select c.subscription_id, to_char(c.at at time zone 'UTC', 'YYYY-MM') as month,
      (array_agg(c.before order by c.seq))[1] as before, (array_agg(c.after order by c.seq desc))[1] as after
    from subscription_changes c
    where c.at >= p_since and c.at < p_until
    group by 1, 2
  ), priced as (
    select e.month, coalesce(a.currency, b.currency) as currency,
      case when e.before ->> 'status' in ('active', 'past_due')
        then list_monthly_minor(b.price_minor, b.period, (e.before ->> 'quantity')::bigint)
          + case when e.before ? 'addons' then list_monthly_minor(addons_minor(e.before -> 'addons'), b.period, 1) else 0 end else 0 end as was,
      case when e.after ->> 'status' in ('active', 'past_due')
        then list_monthly_minor(a.price_minor, a.period, (e.after ->> 'quantity')::bigint)
          + case when e.after ? 'addons' then list_monthly_minor(addons_minor(e.after -> 'addons'), a.period, 1) else 0 end else 0 end as is_now
    from ends e
    left join plan_versions b on b.id = (e.before ->> 'planVersionId')::uuid
    left join plan_versions a on a.id = (e.after ->> 'planVersionId')::uuid
  )
  select p.month, p.currency,
    coalesce(sum(p.is_now) filter (where p.was = 0), 0)::bigint,
    coalesce(sum(p.is_now - p.was) filter (where p.was > 0 and p.is_now > p.was), 0)::bigint,
    coalesce(sum(p.is_now - p.was) filter (where p.is_now > 0 and p.is_now < p.was), 0)::bigint,
    coalesce(sum(-p.was) filter (where p.is_now = 0), 0)::bigint
  from priced p
  where p.was <> p.is_now
  group by p.month, p.currency
  order by p.month desc, p.currency
$$;
