-- consume_usage with windows of the past, giving back, overage, thresholds and extras. What 0004 and 0005 promise stays.
--
-- An event belongs to the window that holds the instant at which it occurred. Counters without extras are decided as one
-- set, as before. Where something must be looked up or is given back, requests are decided one after the other, by
-- count_usage, below the same locks.

-- One request against one locked counter: the whole rule, in one place.
create type usage_decision as (
  outcome text, reason text, used_amount bigint, quota_limit bigint, remaining bigint, alerted boolean
);

-- Below what amount no alert is due, when so much is used; null when none is left.
create function next_usage_alert(p_subscription uuid, p_feature uuid, p_base bigint, p_used bigint) returns bigint
language sql stable as $$
  select min((t.threshold * p_base + 99) / 100)
  from subscriptions s
  join plan_features pf on pf.plan_version_id = s.plan_version_id and pf.feature_id = p_feature
  cross join unnest(pf.alert_thresholds) as t(threshold)
  where s.id = p_subscription and p_base > 0 and t.threshold * p_base > p_used * 100
$$;

-- Writes down which thresholds are reached, each once per window.
create function record_usage_alerts(
  p_now timestamptz, p_subscription uuid, p_feature uuid, p_start timestamptz, p_base bigint, p_used bigint
) returns void language sql as $$
  insert into usage_alerts (subscription_id, feature_id, window_start, threshold, used_amount, quota_limit,
    crossed_at, due_at)
  select s.id, p_feature, p_start, t.threshold, p_used, p_base, p_now, p_now
  from subscriptions s
  join plan_features pf on pf.plan_version_id = s.plan_version_id and pf.feature_id = p_feature
  cross join unnest(pf.alert_thresholds) as t(threshold)
  where s.id = p_subscription and p_base > 0 and t.threshold * p_base <= p_used * 100
  on conflict do nothing
$$;

-- Draws on grants in burn order, or (a negative amount) gives back to those that this window drew on, in reverse order.
create function draw_usage_grants(p_now timestamptz, p_user text, u feature_usage, p_amount bigint) returns void
language plpgsql as $$
declare
  v_rest bigint := abs(p_amount);
  v_part bigint;
  g record;
begin
  for g in
    select w.id, w.amount - w.used_amount as left_amount, coalesce(d.amount, 0) as drawn
    from usage_grants w
    left join usage_grant_draws d on d.grant_id = w.id and d.subscription_id = u.subscription_id
      and d.window_start = u.window_start
    where w.user_id = p_user and w.feature_id = u.feature_id and case
      when p_amount > 0 then w.revoked_at is null and (w.expires_at is null or w.expires_at > p_now)
      else d.amount > 0 end
    order by case when p_amount < 0 then w.expires_at end desc nulls first,
      case when p_amount < 0 then w.created_at end desc, case when p_amount < 0 then w.id end desc,
      w.expires_at nulls last, w.created_at, w.id
  loop
    exit when v_rest = 0;
    v_part := least(v_rest, case when p_amount > 0 then g.left_amount else g.drawn end);
    continue when v_part = 0;
    v_rest := v_rest - v_part;
    update usage_grants w set used_amount = w.used_amount + sign(p_amount)::bigint * v_part where w.id = g.id;
    insert into usage_grant_draws as d (grant_id, subscription_id, feature_id, window_start, amount)
    values (g.id, u.subscription_id, u.feature_id, u.window_start, v_part)
    on conflict (grant_id, subscription_id, window_start) do update
      set amount = d.amount + sign(p_amount)::bigint * v_part;
  end loop;
  if v_rest > 0 then
    raise exception 'grants of % do not hold %', p_user, p_amount;
  end if;
end $$;

-- `p_held` of the amount was reserved before and always fits. `u` is locked, and so are the user's grants.
create function count_usage(
  p_now timestamptz, p_at timestamptz, p_user text, u feature_usage, p_key text, p_amount bigint, p_overage text,
  p_held bigint
) returns usage_decision language plpgsql as $$
declare
  x record := usage_extras(p_now, p_user, u.subscription_id, u.feature_id, u.window_start);
  v_limit bigint := case when x.is_overridden then x.override_limit else u.quota_limit end;
  v_base bigint := v_limit + u.rolled_in_amount - u.rolled_out_amount;
  v_own_left bigint := usage_own_left(u, v_limit);
  v_held bigint := x.held_amount - p_held;  -- by others
  v_granted bigint := 0;
  v_overage bigint := 0;
  v_billed bigint := 0;
  v_back bigint;
  v_used bigint := u.used_amount;
  v_remaining bigint;
  v_alerted boolean := false;
  v_reason text;
begin
  if p_amount < 0 then
    v_back := -p_amount;
    v_overage := -least(u.overage_amount, v_back);
    v_granted := -least(u.granted_amount, v_back + v_overage);
    -- What was never billed goes first: it costs nobody anything.
    v_billed := -greatest(0, -v_overage - (u.overage_amount - u.billed_amount));
    if v_back > u.used_amount then
      v_reason := 'more_than_used';
    end if;
  elsif v_limit is not null then
    v_granted := least(x.granted_left, greatest(0, p_amount - v_own_left));
    v_overage := greatest(0, p_amount - v_own_left - v_granted);
    v_billed := case when p_overage = 'bill' then v_overage else 0 end;
    if p_overage = 'refuse' and p_amount > p_held
      and p_amount > v_own_left + x.granted_left - v_held then
      v_reason := 'quota_exceeded';
    end if;
  end if;
  if v_reason is not null then
    v_granted := 0; v_overage := 0; v_billed := 0;
  else
    v_used := u.used_amount + p_amount;
    v_own_left := greatest(0, v_base - (v_used - u.granted_amount - v_granted - u.overage_amount - v_overage));
    v_alerted := v_used >= u.alert_at;
    if v_granted <> 0 then
      perform draw_usage_grants(p_now, p_user, u, v_granted);
    end if;
    if v_alerted then
      perform record_usage_alerts(p_now, u.subscription_id, u.feature_id, u.window_start, v_base, v_used);
    end if;
    if v_billed <> 0 then
      insert into usage_overage_due values (u.subscription_id, u.feature_id, u.window_start) on conflict do nothing;
    end if;
    update feature_usage w set used_amount = v_used, granted_amount = w.granted_amount + v_granted,
      overage_amount = w.overage_amount + v_overage, billed_amount = w.billed_amount + v_billed,
      alert_at = case when v_alerted or p_amount < 0 and w.alert_at is null
        then next_usage_alert(u.subscription_id, u.feature_id, v_base, v_used) else w.alert_at end
    where w.subscription_id = u.subscription_id and w.feature_id = u.feature_id and w.window_start = u.window_start;
  end if;
  v_remaining := case when v_limit is not null
    then greatest(0, v_own_left + x.granted_left - v_granted - v_held) end;
  insert into usage_events (recorded_month, subscription_id, idempotency_key, feature_id, amount, outcome, reason,
    window_start, used_after, occurred_at, granted_amount, overage_amount, billed_amount, remaining_after)
  values (date_trunc('month', p_now at time zone 'UTC')::date, u.subscription_id, p_key, u.feature_id, p_amount,
    case when v_reason is null then 'allowed' else 'refused' end, v_reason, u.window_start, v_used, p_at,
    v_granted, v_overage, v_billed, v_remaining);
  return (case when v_reason is null then 'allowed' else 'refused' end, v_reason, v_used, v_limit, v_remaining,
    v_alerted)::usage_decision;
end $$;

-- Requests in the order given, each seeing what the one before it did. Obstacles were found and locks taken before.
create function consume_usage_in_turn(
  p_now timestamptz, p_is_in_turn boolean[], p_users text[], p_keys text[], p_amounts bigint[], p_at timestamptz[],
  p_subscriptions uuid[], p_features uuid[], p_obstacles text[], p_overages text[]
) returns table (
  ordinal integer, outcome text, reason text, repeated boolean, subscription_id uuid, used_amount bigint,
  quota_limit bigint, remaining bigint, window_start timestamptz, window_end timestamptz, alerted boolean
) language plpgsql as $$
#variable_conflict use_column
declare
  v_month date := date_trunc('month', p_now at time zone 'UTC')::date;
  e record;
  u feature_usage;
  d usage_decision;
begin
  for i in 1 .. cardinality(p_users) loop
    continue when not p_is_in_turn[i];
    ordinal := i; subscription_id := p_subscriptions[i]; outcome := 'refused'; reason := null; repeated := false;
    used_amount := null; quota_limit := null; remaining := null; window_start := null; window_end := null;
    alerted := false;
    select v.* into e from usage_events v
    where v.recorded_month in ((v_month - interval '1 month')::date, v_month, (v_month + interval '1 month')::date)
      and v.subscription_id = p_subscriptions[i] and v.idempotency_key = p_keys[i]
    limit 1;
    if found then
      if (e.feature_id, e.amount) is distinct from (p_features[i], p_amounts[i]) then
        reason := 'idempotency_key_reused';
      else
        select w.* into u from feature_usage w
        where w.subscription_id = e.subscription_id and w.feature_id = e.feature_id and w.window_start = e.window_start;
        outcome := e.outcome; reason := e.reason; repeated := true;
        used_amount := e.used_after; remaining := e.remaining_after; quota_limit := u.quota_limit;
        window_start := u.window_start; window_end := u.window_end;
      end if;
      return next;
      continue;
    end if;
    select w.* into u from feature_usage w
    where w.subscription_id = p_subscriptions[i] and w.feature_id = p_features[i]
      and w.window_start <= p_at[i] and p_at[i] < w.window_end
    order by w.window_start desc limit 1;
    reason := coalesce(p_obstacles[i], case when not found then 'window_missing' end);
    if reason is null then
      d := count_usage(p_now, p_at[i], p_users[i], u, p_keys[i], p_amounts[i], p_overages[i], 0);
      outcome := d.outcome; reason := d.reason; used_amount := d.used_amount; quota_limit := d.quota_limit;
      remaining := d.remaining; alerted := d.alerted; window_start := u.window_start; window_end := u.window_end;
    end if;
    return next;
  end loop;
end $$;

drop function consume_usage(timestamptz, text[], text[], text[], bigint[]);

-- `p_occurred` says when each event occurred, null for now. Events before `p_earliest` come too late; what lies less
-- than a minute ahead is a clock that is a little fast.
create function consume_usage(
  p_now timestamptz, p_users text[], p_features text[], p_keys text[], p_amounts bigint[], p_occurred timestamptz[],
  p_earliest timestamptz
) returns table (
  ordinal integer, outcome text, reason text, repeated boolean, subscription_id uuid, used_amount bigint,
  quota_limit bigint, remaining bigint, window_start timestamptz, window_end timestamptz, alerted boolean
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
  v_subscription uuid[]; v_feature uuid[]; v_obstacle text[]; v_overage text[]; v_at timestamptz[];
  v_is_in_turn boolean[];
begin
  with resolved as materialized (
    select distinct on (i.ordinal) i.ordinal, s.id as subscription_id, f.id as feature_id, pf.overage,
      i.amount < 0 as gives_back, i.at,
      case
        when i.occurred > p_now + interval '1 minute' then 'in_the_future'
        when i.at < p_earliest then 'too_late'
        when s.id is null then 'no_subscription'
        when pf.feature_id is null then 'feature_not_in_plan'
        when f.type = 'boolean' then 'feature_not_countable'
        -- Giving back needs no access: who may no longer use a seat may still free it.
        when i.amount > 0 and (s.access_until is null or s.access_until <= i.at) then 'no_access'
      end as obstacle
    from (
      select a.ordinal, a.user_id, a.feature, a.amount, a.occurred, least(coalesce(a.occurred, p_now), p_now) as at
      from unnest(p_users, p_features, p_amounts, p_occurred) with ordinality
        as a(user_id, feature, amount, occurred, ordinal)
    ) i
    left join features f on f.code = i.feature
    left join subscriptions s on s.user_id = i.user_id and s.status not in ('canceled', 'incomplete_expired')
    left join plan_features pf on pf.plan_version_id = s.plan_version_id and pf.feature_id = f.id
    -- Of several product lines, the one that has the feature.
    order by i.ordinal, pf.feature_id is null
  ), locked as materialized (
    select u.subscription_id, u.feature_id, u.has_extras from feature_usage u
    join (select distinct r.subscription_id, r.feature_id, r.at from resolved r where r.obstacle is null) c
      on c.subscription_id = u.subscription_id and c.feature_id = u.feature_id
    where u.window_start <= c.at and c.at < u.window_end
    order by u.subscription_id, u.feature_id, u.window_start
    for update of u
  ), in_turn as materialized (
    select l.subscription_id, l.feature_id from locked l where l.has_extras
    union
    select r.subscription_id, r.feature_id from resolved r where r.gives_back
  )
  select array_agg(r.subscription_id), array_agg(r.feature_id), array_agg(r.obstacle), array_agg(r.overage),
    array_agg(r.at), array_agg(exists (
      select from in_turn t where t.subscription_id = r.subscription_id and t.feature_id = r.feature_id))
  into v_subscription, v_feature, v_obstacle, v_overage, v_at, v_is_in_turn
  -- Asking for their number is what makes the locks be taken.
  from resolved r where (select count(*) from locked) >= 0;

  return query
  with asked as materialized (
    select i.*, e.outcome as first_outcome, e.reason as first_reason, e.used_after as first_after,
      e.remaining_after as first_remaining, e.window_start as first_start, u.window_start as start,
      u.window_end as ends, u.used_amount as used, u.quota_limit as quota, u.alert_at,
      u.quota_limit + u.rolled_in_amount - u.rolled_out_amount as base,
      case when u.quota_limit is not null then greatest(0, u.quota_limit + u.rolled_in_amount - u.rolled_out_amount
        - (u.used_amount - u.overage_amount)) end as own_left,
      case
        when i.subscription_id is null then coalesce(i.obstacle, 'no_subscription')
        when e.outcome is not null and (e.feature_id, e.amount) is distinct from (i.feature_id, i.amount)
          then 'idempotency_key_reused'
        when e.outcome is not null then null
        when i.ordinal > min(i.ordinal) over (partition by i.subscription_id, i.key) then 'repeated_in_batch'
        when i.obstacle is not null then i.obstacle
        when u.window_start is null then 'window_missing'
      end as answer
    from unnest(p_keys, p_amounts, v_subscription, v_feature, v_obstacle, v_overage, v_at, v_is_in_turn)
      with ordinality as i(key, amount, subscription_id, feature_id, obstacle, overage, at, is_in_turn, ordinal)
    left join lateral (
      select u.* from feature_usage u
      where u.subscription_id = i.subscription_id and u.feature_id = i.feature_id
        and u.window_start <= i.at and i.at < u.window_end
      order by u.window_start desc limit 1
    ) u on true
    left join lateral (
      select e.outcome, e.reason, e.used_after, e.remaining_after, e.window_start, e.feature_id, e.amount
      from usage_events e
      where e.recorded_month in (v_month_before, v_month, v_month_after)
        and e.subscription_id = i.subscription_id and e.idempotency_key = i.key
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
      window_start, used_after, occurred_at, overage_amount, billed_amount, remaining_after)
    select v_month, d.subscription_id, d.key, d.feature_id, d.amount, case when d.fits then 'allowed' else 'refused' end,
      case when not d.fits then 'quota_exceeded' end, d.start, d.after, d.at, d.overage_part,
      case when d.overage = 'bill' then d.overage_part else 0 end, d.remaining
    from decided d
  ), totals as materialized (
    select d.subscription_id, d.feature_id, d.start, min(d.base) as base, min(d.alert_at) as alert_at,
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
    join subscriptions s on s.id = t.subscription_id
    join plan_features pf on pf.plan_version_id = s.plan_version_id and pf.feature_id = t.feature_id
    cross join unnest(pf.alert_thresholds) as x(threshold)
    where t.after >= t.alert_at and t.base > 0 and x.threshold * t.base <= t.after * 100
    on conflict do nothing
  ), due as (
    insert into usage_overage_due select t.subscription_id, t.feature_id, t.start from totals t where t.billed > 0
    on conflict do nothing
  )
  select d.ordinal::integer, case when d.fits then 'allowed' else 'refused' end,
    case when not d.fits then 'quota_exceeded' end, false, d.subscription_id, d.after, d.quota, d.remaining, d.start,
    d.ends, d.after >= d.alert_at
  from decided d
  union all
  select a.ordinal::integer, a.first_outcome, a.first_reason, true, a.subscription_id,
    a.first_after, u.quota_limit, a.first_remaining, u.window_start, u.window_end, false
  from asked a
  join feature_usage u
    on u.subscription_id = a.subscription_id and u.feature_id = a.feature_id and u.window_start = a.first_start
  where a.answer is null and a.first_outcome is not null
  union all
  select a.ordinal::integer, 'refused', a.answer, false, a.subscription_id, null, null, null, null, null, false
  from asked a where a.answer is not null;

  if true = any (v_is_in_turn) then
    -- Two counters may share grants: two windows of one feature, two subscriptions of one user.
    perform from usage_grants g
    where (g.user_id, g.feature_id) in (
      select i.user_id, i.feature_id from unnest(p_users, v_feature, v_is_in_turn) as i(user_id, feature_id, is_in_turn)
      where i.is_in_turn)
    order by g.id
    for update;
    return query
    select * from consume_usage_in_turn(p_now, v_is_in_turn, p_users, p_keys, p_amounts, v_at, v_subscription, v_feature,
      v_obstacle, v_overage);
  end if;
end $$;
