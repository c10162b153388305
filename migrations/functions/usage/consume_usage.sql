-- may be null: p_occurred[]
-- never null: ordinal, outcome, repeated
-- Decides, counts and records any number of usage events in one atomic statement.
-- Running it twice with the same keys answers the same and counts once.
--
-- A request that does not fit into its quota is refused; later, smaller requests that fit are accepted, in the order
-- given.
-- p_keys: the callers' idempotency keys, which are remembered for this month and the one before.
-- p_amounts: negative releases.
-- p_occurred: when each event occurred; null is `p_now`. An event belongs to the window that holds that instant.
-- p_earliest: events before it come too late. Events up to a minute ahead of `p_now` are accepted, because clocks
-- differ.
-- A key is the customer's: its repeat answers what the first answered, whatever became of the subscription since.
-- Returns one row per request. The reasons `window_missing` and `repeated_in_batch` mean: open the window, or wait for
-- the first event with this key, then ask again.
--
-- The counters are locked first, in the order of their keys, so that two processes cannot deadlock. They are read by a
-- later statement, whose snapshot sees everything that the locks waited for: that makes the limit exact and a repeated
-- key visible.
-- Counters without extras are decided as one set; the others one request after the other, by `count_usage`. So are events
-- that occurred before the `summed_until` of their window: `usage_sums` counts them too.
-- Refusals that concern no counter (no subscription, unknown feature) leave no row: a repeat may have another answer.
-- A key is also looked up in the month after: two processes whose clocks differ may meet at the end of a month.
create or replace function consume_usage(
  p_now timestamptz, p_users text[], p_features text[], p_keys text[], p_amounts bigint[], p_occurred timestamptz[],
  p_earliest timestamptz
) returns table (
  ordinal integer, outcome text, reason text, repeated boolean, subscription_id uuid, used_amount bigint,
  quota_limit bigint, remaining bigint, window_start timestamptz, window_end timestamptz, alerted boolean
) language plpgsql
-- Each row is found by its key. A plan made while the tables were small must not scan them after they have grown.
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
  v_month date := date_trunc('month', p_now at time zone 'UTC')::date;
  v_month_before date := (v_month - interval '1 month')::date;
  v_month_after date := (v_month + interval '1 month')::date;
  -- One entry per request, in the order given.
  -- v_home: the customer's counters, known also without a live subscription.
  v_subscription uuid[]; v_home uuid[]; v_feature uuid[]; v_obstacle text[]; v_overage text[]; v_at timestamptz[];
  v_is_in_turn boolean[];
begin
  with resolved as materialized (
    select distinct on (i.ordinal) i.ordinal, s.id as subscription_id, coalesce(s.usage_home, c.usage_home) as home,
      f.id as feature_id, coalesce(pf.overage, own.overage) as overage,
      i.amount < 0 as gives_back, i.at,
      case
        when i.occurred > p_now + interval '1 minute' then 'in_the_future'
        when i.at < p_earliest then 'too_late'
        when s.id is null then 'no_subscription'
        -- A subscription that never started has no usage to return.
        when i.amount < 0 and s.anchor is null then 'no_subscription'
        when not coalesce(o.is_enabled, pf.feature_id is not null or own.feature_id is not null) then 'feature_not_in_plan'
        when f.type = 'boolean' then 'feature_not_countable'
        -- A release needs no access: a customer without access may still free a seat.
        when i.amount > 0 and (s.access_until is null or s.access_until <= i.at) then 'no_access'
      end as obstacle
    from (
      select a.ordinal, a.user_id, a.feature, a.amount, a.occurred, least(coalesce(a.occurred, p_now), p_now) as at
      from unnest(p_users, p_features, p_amounts, p_occurred) with ordinality
        as a(user_id, feature, amount, occurred, ordinal)
    ) i
    left join features f on f.code = i.feature
    left join customers c on c.user_id = i.user_id
    left join subscriptions s on s.user_id = i.user_id and s.status not in ('canceled', 'incomplete_expired')
    left join plan_features pf on pf.plan_version_id = s.plan_version_id and pf.feature_id = f.id
    -- The feature of an add-on. The limit of one row keeps this a step of its own, which runs for subscriptions with add-ons alone.
    left join lateral (
      select x.feature_id, x.overage from usage_addon_feature(s, f.id) x
      where pf.feature_id is null and s.addons <> '[]'
      limit 1
    ) own on true
    -- The limit of one row keeps this a step of its own, which runs for boolean features alone.
    left join lateral (
      select o.is_enabled from usage_overrides o
      where f.type = 'boolean' and o.user_id = i.user_id and o.feature_id = f.id
        and (o.expires_at is null or o.expires_at > p_now)
      limit 1
    ) o on true
    -- Of several product lines, one that has the feature: see `usage_plan_feature`.
    order by i.ordinal, coalesce(pf.feature_id, own.feature_id) is null, s.access_until is null, s.product_line
  ), counters as materialized (
    select distinct r.home as subscription_id, r.feature_id, r.at from resolved r where r.obstacle is null
  ), locked as materialized (
    select u.subscription_id, u.feature_id, u.has_extras, u.summed_until, c.at from feature_usage u
    join counters c
      on c.subscription_id = u.subscription_id and c.feature_id = u.feature_id
    where u.window_start <= c.at and c.at < u.window_end
    order by u.subscription_id, u.feature_id, u.window_start
    for update of u
  ), in_turn as materialized (
    select l.subscription_id, l.feature_id from locked l where l.has_extras or l.at < l.summed_until
    union
    select r.home, r.feature_id from resolved r where r.gives_back
  )
  select array_agg(r.subscription_id), array_agg(r.home), array_agg(r.feature_id), array_agg(case
      when r.obstacle is not null then r.obstacle
      -- A window that another process opened after the locks were taken is not locked: ask again. Each counter has one
      -- window at an instant, so as many locks as counters means that all are locked.
      when (select count(*) from locked) < (select count(*) from counters) and not exists (
        select from locked l
        where l.subscription_id = r.home and l.feature_id = r.feature_id and l.at = r.at)
        then 'window_missing'
    end), array_agg(r.overage),
    array_agg(r.at), array_agg(exists (
      select from in_turn t where t.subscription_id = r.home and t.feature_id = r.feature_id))
  into v_subscription, v_home, v_feature, v_obstacle, v_overage, v_at, v_is_in_turn
  -- Counting them makes Postgres run the step that takes the locks.
  from resolved r where (select count(*) from locked) >= 0;

  return query
  with asked as materialized (
    select i.*, e.outcome as first_outcome, e.reason as first_reason, e.used_after as first_after,
      e.remaining_after as first_remaining, e.limit_after as first_limit, e.window_start as first_start, u.window_start as start,
      u.window_end as ends, u.used_amount as used, u.quota_limit as quota, u.alert_at,
      u.quota_limit + u.rolled_in_amount - u.rolled_out_amount as base, u.own_left,
      case
        when i.subscription_id is null then coalesce(i.obstacle, 'no_subscription')
        when e.outcome is not null and (e.feature_id, e.amount) is distinct from (i.feature_id, i.amount)
          then 'idempotency_key_reused'
        when e.outcome is not null then null
        when i.ordinal > min(i.ordinal) filter (where i.obstacle is null) over (partition by i.subscription_id, i.key) then 'repeated_in_batch'
        when i.obstacle is not null then i.obstacle
        when u.window_start is null then 'window_missing'
      end as answer
    from unnest(p_keys, p_amounts, v_home, v_subscription, v_feature, v_obstacle, v_overage, v_at, v_is_in_turn)
      with ordinality as i(key, amount, subscription_id, of_subscription, feature_id, obstacle, overage, at, is_in_turn, ordinal)
    left join lateral (
      select c.*, usage_own_left(c, c.quota_limit) as own_left from feature_usage c
      where c.subscription_id = i.subscription_id and c.feature_id = i.feature_id
        and c.window_start <= i.at and i.at < c.window_end
      order by c.window_start desc limit 1
    ) u on true
    left join lateral (
      select e.outcome, e.reason, e.used_after, e.remaining_after, e.limit_after, e.window_start, e.feature_id,
        e.amount
      from usage_events e
      where e.recorded_month = v_month and e.subscription_id = i.subscription_id and e.idempotency_key = i.key
      union all
      select e.outcome, e.reason, e.used_after, e.remaining_after, e.limit_after, e.window_start, e.feature_id,
        e.amount
      from usage_events e
      where e.recorded_month = v_month_before and e.subscription_id = i.subscription_id and e.idempotency_key = i.key
      union all
      select e.outcome, e.reason, e.used_after, e.remaining_after, e.limit_after, e.window_start, e.feature_id,
        e.amount
      from usage_events e
      where e.recorded_month = v_month_after and e.subscription_id = i.subscription_id and e.idempotency_key = i.key
      limit 1
    ) e on true
    where not i.is_in_turn
  ), fitted as (
    select a.*, usage_that_fits(a.used, a.amount, case when a.overage = 'refuse' then a.used + a.own_left end)
      over (partition by a.subscription_id, a.feature_id, a.start order by a.ordinal rows unbounded preceding) as after
    from asked a where a.answer is null and a.first_outcome is null
  ), sequenced as (
    select f.*, lag(f.after, 1, f.used)
      over (partition by f.subscription_id, f.feature_id, f.start order by f.ordinal) as before
    from fitted f
  ), decided as materialized (
    select s.*, s.after = s.amount + s.before as fits,
      case when s.own_left is not null then greatest(0, s.used + s.own_left - s.after) end as remaining,
      case when s.own_left is null then 0
        else greatest(0, s.after - s.used - s.own_left) - greatest(0, s.before - s.used - s.own_left) end as overage_part
    from sequenced s
  ), recorded as (
    insert into usage_events (recorded_month, subscription_id, idempotency_key, feature_id, amount, outcome, reason,
      window_start, used_after, occurred_at, overage_amount, billed_amount, remaining_after, limit_after)
    select v_month, d.subscription_id, d.key, d.feature_id, d.amount, case when d.fits then 'allowed' else 'refused' end,
      case when not d.fits then 'quota_exceeded' end, d.start, d.after, d.at, d.overage_part,
      case when d.overage = 'bill' then d.overage_part else 0 end, d.remaining, d.quota
    from decided d
  ), totals as materialized (
    select d.subscription_id, d.feature_id, d.start, (array_agg(d.of_subscription))[1] as of_subscription, min(d.base) as base, min(d.alert_at) as alert_at,
      max(d.after) as after, sum(d.amount)::bigint as amount, sum(d.overage_part)::bigint as overage,
      sum(case when d.overage = 'bill' then d.overage_part else 0 end)::bigint as billed
    from decided d where d.fits group by d.subscription_id, d.feature_id, d.start
  ), counted as (
    update feature_usage u set used_amount = u.used_amount + t.amount,
      overage_amount = u.overage_amount + t.overage, billed_amount = u.billed_amount + t.billed,
      alert_at = case when t.after >= t.alert_at
        then next_usage_alert(t.subscription_id, t.feature_id, t.base, t.after) else u.alert_at end
    from totals t
    where u.subscription_id = t.subscription_id and u.feature_id = t.feature_id and u.window_start = t.start
  ), alerting as (
    insert into usage_alerts (subscription_id, feature_id, window_start, threshold, used_amount, quota_limit,
      crossed_at, due_at)
    select t.subscription_id, t.feature_id, t.start, x.threshold, t.after, t.base, p_now, p_now
    from totals t
    join subscriptions s on s.id = t.of_subscription
    cross join lateral usage_plan_feature(s.usage_home, t.feature_id) pf
    cross join unnest(pf.alert_thresholds) as x(threshold)
    where t.after >= t.alert_at and t.base > 0 and x.threshold * t.base <= t.after * 100 and not exists (
      select from usage_alerts a
      where a.subscription_id = t.subscription_id and a.feature_id = t.feature_id and a.window_start = t.start
        and a.threshold = x.threshold and a.quota_limit >= t.base)
    on conflict do nothing
  ), due as (
    insert into usage_overage_due select t.subscription_id, t.feature_id, t.start from totals t where t.billed > 0
    on conflict do nothing
  )
  select d.ordinal::integer, case when d.fits then 'allowed' else 'refused' end,
    case when not d.fits then 'quota_exceeded' end, false, d.of_subscription, d.after, d.quota, d.remaining, d.start,
    d.ends, d.after >= d.alert_at
  from decided d
  union all
  select a.ordinal::integer, a.first_outcome, a.first_reason, true, a.of_subscription,
    a.first_after, case when a.first_remaining is not null then coalesce(a.first_limit, u.quota_limit) end,
    -- The first answer named an end, also if a pause has stopped the window since.
    a.first_remaining, u.window_start,
    coalesce(case when u.window_end = '9999-12-31T00:00:00Z' then u.stopped_end end, u.window_end), false
  from asked a
  join feature_usage u
    on u.subscription_id = a.subscription_id and u.feature_id = a.feature_id and u.window_start = a.first_start
  where a.answer is null and a.first_outcome is not null
  union all
  select a.ordinal::integer, 'refused', a.answer, false, a.of_subscription, null, null, null, null, null, false
  from asked a where a.answer is not null;

  if true = any (v_is_in_turn) then
    -- Counters may share grants: two windows of one feature, or two subscriptions of one user.
    perform from usage_grants g
    where (g.user_id, g.feature_id) in (
      select i.user_id, i.feature_id from unnest(p_users, v_feature, v_is_in_turn) as i(user_id, feature_id, is_in_turn)
      where i.is_in_turn)
    order by g.id
    for update;
    return query
    select t.ordinal, t.outcome, t.reason, t.repeated, v_subscription[t.ordinal], t.used_amount, t.quota_limit,
      t.remaining, t.window_start, t.window_end, t.alerted
    from consume_usage_in_turn(p_now, v_is_in_turn, p_users, p_keys, p_amounts, v_at, v_home, v_feature, v_obstacle,
      v_overage) t;
  end if;
end $$;
