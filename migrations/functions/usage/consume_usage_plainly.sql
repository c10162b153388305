-- never null: all but quota_limit, own_left
-- The usual case of `consume_usage`, for a third to half of its cost: usage of now, in an open window that has nothing
-- but its own limit, where everything fits and no alert threshold is crossed. Every other counter is left untouched
-- and is not returned; the caller then asks `consume_usage`. It adds no rule of its own, so leaving it out changes
-- nothing but speed.
--
-- It relies on `has_extras`, which is never set back to false (a trigger refuses that): a window without extras has no
-- grants.
--
-- p_users, p_features, p_totals: one entry per counter.
-- p_counters, p_keys, p_amounts, p_sums: one per event, with the position of its counter (from 1) and the sum of that
-- counter's amounts up to it.
-- Amounts are positive.
-- Returns one row for each counter that was counted, with its state before.
--
-- The update itself locks the counters, in the order of `consume_usage`. A key that is recorded already leaves its
-- counter out; one that another process records meanwhile violates the ledger's primary key, and nothing is counted.
-- That key covers one month only, so for an hour around the start of a month, when clocks may disagree about the
-- month, this returns nothing.
create or replace function consume_usage_plainly(
  p_now timestamptz, p_users text[], p_features text[], p_totals bigint[],
  p_counters integer[], p_keys text[], p_amounts bigint[], p_sums bigint[]
) returns table (
  counter integer, subscription_id uuid, used_amount bigint, quota_limit bigint, own_left bigint,
  window_start timestamptz, window_end timestamptz
) language plpgsql
-- As for consume_usage: each row is found by its key, however small the tables were when the plan was made.
set search_path = public, pg_temp
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
  v_month date := date_trunc('month', p_now at time zone 'UTC')::date;
  v_month_before date := (v_month - interval '1 month')::date;
  v_month_after date := (v_month + interval '1 month')::date;
  -- One entry per requested counter; null where the user may not use the feature. The first names the customer's counters.
  v_subscription uuid[]; v_feature uuid[];
  -- One entry per counter that was counted; v_place: the position in these of each requested counter.
  v_counter integer[]; v_used bigint[]; v_limit bigint[]; v_left bigint[]; v_start timestamptz[]; v_end timestamptz[];
  v_place integer[];
begin
  if p_now at time zone 'UTC' < v_month + interval '1 hour'
    or p_now at time zone 'UTC' >= v_month_after - interval '1 hour' then
    return;
  end if;

  select array_agg(case when s.access_until > p_now then s.id end order by c.ordinal), array_agg(f.id order by c.ordinal)
  into v_subscription, v_feature
  from unnest(p_users, p_features) with ordinality as c(user_id, feature, ordinal)
  left join features f on f.code = c.feature and f.type <> 'boolean'
  left join lateral (
    select s.usage_home as id, s.access_until from subscriptions s
    join plan_features pf on pf.plan_version_id = s.plan_version_id and pf.feature_id = f.id
    where s.user_id = c.user_id and s.status not in ('canceled', 'incomplete_expired')
    order by s.access_until is null, s.product_line limit 1
  ) s on true;

  with repeated as materialized (
    select distinct a.counter from unnest(p_counters, p_keys) as a(counter, key)
    cross join lateral (
      select from usage_events e where e.recorded_month = v_month
        and e.subscription_id = v_subscription[a.counter] and e.idempotency_key = a.key
      union all
      select from usage_events e where e.recorded_month = v_month_before
        and e.subscription_id = v_subscription[a.counter] and e.idempotency_key = a.key
      union all
      select from usage_events e where e.recorded_month = v_month_after
        and e.subscription_id = v_subscription[a.counter] and e.idempotency_key = a.key
      limit 1
    ) e
  ), counted as (
    update feature_usage u set used_amount = u.used_amount + c.total
    from (
      select c.ordinal::integer as counter, c.total, v_subscription[c.ordinal] as subscription_id,
        v_feature[c.ordinal] as feature_id
      from unnest(p_totals) with ordinality as c(total, ordinal)
      where v_subscription[c.ordinal] is not null
        and c.ordinal <> all (array(select r.counter from repeated r))
      order by 3, 4
    ) c
    where u.subscription_id = c.subscription_id and u.feature_id = c.feature_id
      and u.window_start <= p_now and p_now < u.window_end and not u.has_extras and u.summed_until <= p_now
      and (u.alert_at is null or u.used_amount + c.total < u.alert_at)
      and (u.quota_limit is null or c.total <= usage_own_left(u, u.quota_limit))
    -- The amount left before: the total fitted, so it is the amount left now and the total.
    returning c.counter, u.used_amount - c.total as used, u.quota_limit, u.window_start, u.window_end,
      usage_own_left(u, u.quota_limit) + c.total as own_left
  )
  select array_agg(c.counter), array_agg(c.used), array_agg(c.quota_limit), array_agg(c.own_left),
    array_agg(c.window_start), array_agg(c.window_end)
  into v_counter, v_used, v_limit, v_left, v_start, v_end from counted c;
  if v_counter is null then
    return;
  end if;
  v_place := array_fill(null::integer, array[cardinality(p_users)]);
  for i in 1 .. cardinality(v_counter) loop
    v_place[v_counter[i]] := i;
  end loop;

  insert into usage_events (recorded_month, subscription_id, idempotency_key, feature_id, amount, outcome,
    window_start, used_after, occurred_at, remaining_after, limit_after)
  select v_month, v_subscription[a.counter], a.key, v_feature[a.counter], a.amount, 'allowed',
    v_start[v_place[a.counter]], v_used[v_place[a.counter]] + a.sum, p_now, v_left[v_place[a.counter]] - a.sum,
    v_limit[v_place[a.counter]]
  from unnest(p_counters, p_keys, p_amounts, p_sums) as a(counter, key, amount, sum)
  where v_place[a.counter] is not null;

  return query
  select v_counter[i], v_subscription[v_counter[i]], v_used[i], v_limit[i], v_left[i], v_start[i], v_end[i]
  from generate_series(1, cardinality(v_counter)) as i;
end $$;
