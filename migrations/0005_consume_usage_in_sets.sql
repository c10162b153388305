-- consume_usage works on the whole batch at once instead of row by row; what it promises stays as 0004 says.
--
-- First it resolves who asks for what and locks the counters in key order, then, by a later statement whose snapshot
-- sees all that the locks waited for, it looks the keys up, decides, records and counts. A request that was answered
-- before is answered from the window in which it was counted, also when that window is over and the next not open yet.
-- A key is also looked up in the month after: two processes whose clocks differ may meet at the end of a month.

-- The counter after one more request: unchanged when the request does not fit. A null limit is none.
create function usage_after(p_after bigint, p_used bigint, p_amount bigint, p_limit bigint) returns bigint
language plpgsql immutable as $$
begin
  p_after := coalesce(p_after, p_used);
  return case when p_limit is null or p_after + p_amount <= p_limit then p_after + p_amount else p_after end;
end $$;

-- Over a window in the order of arrival it lets in whatever still fits, past requests that did not.
create aggregate usage_that_fits(p_used bigint, p_amount bigint, p_limit bigint) (sfunc = usage_after, stype = bigint);

create or replace function consume_usage(
  p_now timestamptz, p_users text[], p_features text[], p_keys text[], p_amounts bigint[]
) returns table (
  ordinal integer, outcome text, reason text, repeated boolean, subscription_id uuid,
  used_amount bigint, quota_limit bigint, window_start timestamptz, window_end timestamptz
) language plpgsql
-- Each row is found by its key. A plan made while the tables were small must not scan them when they have grown.
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
  v_month date := date_trunc('month', p_now at time zone 'UTC')::date;
  v_month_before date := (v_month - interval '1 month')::date;
  v_month_after date := (v_month + interval '1 month')::date;
  -- One entry per request, in the order given.
  v_subscription uuid[]; v_feature uuid[]; v_obstacle text[]; v_is_limited boolean[];
begin
  with resolved as materialized (
    select distinct on (i.ordinal) i.ordinal, s.id as subscription_id, f.id as feature_id,
      pf.overage = 'refuse' as is_limited,
      case
        when s.id is null then 'no_subscription'
        when pf.feature_id is null then 'feature_not_in_plan'
        when f.type = 'boolean' then 'feature_not_countable'
        when s.access_until is null or s.access_until <= p_now then 'no_access'
      end as obstacle
    from unnest(p_users, p_features) with ordinality as i(user_id, feature, ordinal)
    left join features f on f.code = i.feature
    left join subscriptions s on s.user_id = i.user_id and s.status not in ('canceled', 'incomplete_expired')
    left join plan_features pf on pf.plan_version_id = s.plan_version_id and pf.feature_id = f.id
    -- Of several product lines, the one that has the feature.
    order by i.ordinal, pf.feature_id is null
  ), locked as materialized (
    select from feature_usage u
    join (select distinct r.subscription_id, r.feature_id from resolved r where r.obstacle is null) c
      on c.subscription_id = u.subscription_id and c.feature_id = u.feature_id
    where u.window_start <= p_now and p_now < u.window_end
    order by u.subscription_id, u.feature_id, u.window_start
    for update of u
  )
  select array_agg(r.subscription_id), array_agg(r.feature_id), array_agg(r.obstacle), array_agg(r.is_limited)
  into v_subscription, v_feature, v_obstacle, v_is_limited
  -- Asking for their number is what makes the locks be taken.
  from resolved r where (select count(*) from locked) >= 0;

  return query
  with asked as materialized (
    select i.*, e.outcome as first_outcome, e.reason as first_reason, e.used_after as first_after,
      e.window_start as first_start, u.window_start as start, u.window_end as ends, u.used_amount as used,
      u.quota_limit as quota,
      case
        when i.subscription_id is null then 'no_subscription'
        when e.outcome is not null and (e.feature_id, e.amount) is distinct from (i.feature_id, i.amount)
          then 'idempotency_key_reused'
        when e.outcome is not null then null
        when i.ordinal > min(i.ordinal) over (partition by i.subscription_id, i.key) then 'repeated_in_batch'
        when i.obstacle is not null then i.obstacle
        when u.window_start is null then 'window_missing'
      end as answer
    from unnest(p_keys, p_amounts, v_subscription, v_feature, v_obstacle, v_is_limited)
      with ordinality as i(key, amount, subscription_id, feature_id, obstacle, is_limited, ordinal)
    left join lateral (
      select u.* from feature_usage u
      where u.subscription_id = i.subscription_id and u.feature_id = i.feature_id
        and u.window_start <= p_now and p_now < u.window_end
      order by u.window_start desc limit 1
    ) u on true
    left join lateral (
      select e.outcome, e.reason, e.used_after, e.window_start, e.feature_id, e.amount from usage_events e
      where e.recorded_month in (v_month_before, v_month, v_month_after)
        and e.subscription_id = i.subscription_id and e.idempotency_key = i.key
      limit 1
    ) e on true
  ), fitted as (
    select a.*, usage_that_fits(a.used, a.amount, case when a.is_limited then a.quota end)
      over (partition by a.subscription_id, a.feature_id order by a.ordinal rows unbounded preceding) as after
    from asked a where a.answer is null and a.first_outcome is null
  ), decided as materialized (
    select f.*, f.after = f.amount
      + lag(f.after, 1, f.used) over (partition by f.subscription_id, f.feature_id order by f.ordinal) as fits
    from fitted f
  ), recorded as (
    insert into usage_events (recorded_month, subscription_id, idempotency_key, feature_id, amount, outcome, reason,
      window_start, used_after, occurred_at)
    select v_month, d.subscription_id, d.key, d.feature_id, d.amount, case when d.fits then 'allowed' else 'refused' end,
      case when not d.fits then 'quota_exceeded' end, d.start, d.after, p_now
    from decided d
  ), counted as (
    update feature_usage u set used_amount = u.used_amount + t.amount
    from (
      select d.subscription_id, d.feature_id, d.start, sum(d.amount) as amount
      from decided d where d.fits group by d.subscription_id, d.feature_id, d.start
    ) t
    where u.subscription_id = t.subscription_id and u.feature_id = t.feature_id and u.window_start = t.start
  )
  select d.ordinal::integer, case when d.fits then 'allowed' else 'refused' end,
    case when not d.fits then 'quota_exceeded' end, false, d.subscription_id, d.after, d.quota, d.start, d.ends
  from decided d
  union all
  select a.ordinal::integer, a.first_outcome, a.first_reason, true, a.subscription_id,
    a.first_after, u.quota_limit, u.window_start, u.window_end
  from asked a
  join feature_usage u
    on u.subscription_id = a.subscription_id and u.feature_id = a.feature_id and u.window_start = a.first_start
  where a.answer is null and a.first_outcome is not null
  union all
  select a.ordinal::integer, 'refused', a.answer, false, a.subscription_id, null, null, null, null
  from asked a where a.answer is not null;
end $$;
