-- never null: all
-- A user's usage of one feature in buckets of time, over all subscriptions that the user ever had. Buckets without
-- usage are included.
--
-- p_from, p_to: a half-open interval.
-- p_bucket: `hour`, `day` or `month`, in `p_time_zone`.
-- p_rows: entries of the ledger that it may read. It returns no row if there are more: then call `sum_usage` first.
-- An entry is in the partition of the month in which it was accepted: the month in which it occurred, or a later one.
create or replace function usage_history(
  p_user text, p_feature text, p_from timestamptz, p_to timestamptz, p_bucket text, p_time_zone text, p_rows integer
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
  ), counters as (
    select s.id as subscription_id, f.id as feature_id from subscriptions s
    join features f on f.code = p_feature
    where s.user_id = p_user
  ), open_windows as materialized (
    select u.subscription_id, u.feature_id, u.window_start, u.summed_until from counters c
    cross join bounds b
    join feature_usage u on u.subscription_id = c.subscription_id and u.feature_id = c.feature_id
    where u.window_start < b.last and u.summed_until < least(greatest(u.window_end, u.former_end), b.last)
  ), tails as (
    select w.subscription_id, w.feature_id, min(greatest(w.summed_until, w.window_start)) as since from open_windows w
    group by 1, 2
  ), tail as materialized (
    select e.* from tails t
    cross join bounds b
    cross join lateral (
      select e.subscription_id, e.feature_id, e.window_start, e.occurred_at, e.amount, e.overage_amount,
        e.outcome = 'allowed' and not e.is_carried as is_usage
      from usage_events e
      where usage_counter(e.subscription_id, e.feature_id) = usage_counter(t.subscription_id, t.feature_id)
        and e.subscription_id = t.subscription_id and e.feature_id = t.feature_id
        and e.occurred_at >= greatest(t.since, b.first) and e.occurred_at < b.last
        and e.recorded_month >= date_trunc('month', greatest(t.since, b.first) at time zone 'UTC')::date
        and e.recorded_month <= (b.last at time zone 'UTC' + interval '3 months')::date
      limit p_rows::bigint + 1
    ) e
  ), parts as (
    select s.starts_at as at, s.used_amount, s.overage_amount, s.event_count from counters c
    cross join bounds b
    join usage_sums s on s.subscription_id = c.subscription_id and s.feature_id = c.feature_id
      and s.starts_at >= b.first and s.starts_at < b.last
    union all
    select t.occurred_at, t.amount, t.overage_amount, 1 from tail t
    join open_windows w on w.subscription_id = t.subscription_id and w.feature_id = t.feature_id
      and w.window_start = t.window_start and t.occurred_at >= w.summed_until
    where t.is_usage
  ), used as (
    select date_trunc(p_bucket, p.at at time zone p_time_zone) as wall, sum(p.used_amount)::bigint as used_amount,
      sum(p.overage_amount)::bigint as overage_amount, sum(p.event_count)::bigint as event_count
    from parts p group by 1
  )
  select b.starts_at, b.ends_at, coalesce(u.used_amount, 0), coalesce(u.overage_amount, 0), coalesce(u.event_count, 0)
  from buckets b left join used u using (wall)
  where (select count(*) from tail) <= p_rows
  order by b.starts_at
$$;

-- Only the release before calls it: it reads any number of entries.
create or replace function usage_history(
  p_user text, p_feature text, p_from timestamptz, p_to timestamptz, p_bucket text, p_time_zone text
) returns table (
  starts_at timestamptz, ends_at timestamptz, used_amount bigint, overage_amount bigint, event_count bigint
) language sql stable as $$
  select * from usage_history(p_user, p_feature, p_from, p_to, p_bucket, p_time_zone, 2147483647)
$$;
