-- never null: all
-- A user's usage of one feature in buckets of time, over all subscriptions that the user ever had. Buckets without
-- usage are included.
--
-- p_from, p_to: a half-open interval.
-- p_bucket: `hour`, `day` or `month`, in `p_time_zone`.
-- Events are in the partition of the month in which they were accepted, at most a month after they occurred.
create or replace function usage_history(
  p_user text, p_feature text, p_from timestamptz, p_to timestamptz, p_bucket text, p_time_zone text
) returns table (
  starts_at timestamptz, ends_at timestamptz, used_amount bigint, overage_amount bigint, event_count bigint
) language sql stable as $$
  with buckets as (
    select g as wall, g at time zone p_time_zone as starts_at,
      (g + ('1 ' || p_bucket)::interval) at time zone p_time_zone as ends_at
    from generate_series(date_trunc(p_bucket, p_from at time zone p_time_zone),
      (p_to - interval '1 millisecond') at time zone p_time_zone, ('1 ' || p_bucket)::interval) as g
  ), bounds as (
    select min(b.starts_at) as first, max(b.ends_at) as last from buckets b
  ), used as (
    select date_trunc(p_bucket, e.occurred_at at time zone p_time_zone) as wall, sum(e.amount)::bigint as used_amount,
      sum(e.overage_amount)::bigint as overage_amount, count(*) as event_count
    from subscriptions s
    join features f on f.code = p_feature
    cross join bounds b
    join usage_events e on usage_counter(e.subscription_id, e.feature_id) = usage_counter(s.id, f.id)
      and e.subscription_id = s.id and e.feature_id = f.id
      and e.occurred_at >= b.first and e.occurred_at < b.last
    where s.user_id = p_user and e.outcome = 'allowed' and not e.is_carried
      and e.recorded_month >= (date_trunc('month', p_from - interval '2 months'))::date
      and e.recorded_month <= (p_to + interval '3 months')::date
    group by 1
  )
  select b.starts_at, b.ends_at, coalesce(u.used_amount, 0), coalesce(u.overage_amount, 0), coalesce(u.event_count, 0)
  from buckets b left join used u using (wall)
  order by b.starts_at
$$;
