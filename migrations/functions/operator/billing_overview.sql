-- never null: all
-- All figures of the console's overview as of `p_now`, as one document. Churn reads the subscriptions a second time.
--
-- p_trial_until: count trials that end by then.
-- p_churn_since: compare with the customers that paid at that instant.
-- p_days_since: starts and ends per day from then on.
-- p_hot_spots: at most so many counters that are past an alert threshold of their plan now.
create or replace function billing_overview(
  p_now timestamptz, p_trial_until timestamptz, p_churn_since timestamptz, p_days_since timestamptz, p_hot_spots integer
) returns jsonb language sql stable set search_path = public, pg_temp set plan_cache_mode = force_custom_plan as $$
  with sums as materialized (
    select s.plan_version_id, s.status, count(*) as many,
      count(*) filter (where s.status = 'trialing' and s.trial_end <= p_trial_until) as trials_ending,
      count(*) filter (where s.cancel_at is not null and s.ended_at is null) as leaving,
      sum(monthly_minor(s, v, p_now)) filter (where s.status in ('active', 'past_due')) as mrr_minor
    from subscriptions s join plan_versions v on v.id = s.plan_version_id
    group by s.plan_version_id, s.status
  ), named as materialized (
    select t.*, p.id as plan_id, p.slug, p.name, p.rank, v.currency, v.period
    from sums t join plan_versions v on v.id = t.plan_version_id join plans p on p.id = v.plan_id
  ), days as (
    select d.day, count(*) filter (where d.is_start) as started, count(*) filter (where not d.is_start) as ended
    from (
      select (s.created_at at time zone 'UTC')::date as day, true as is_start from subscriptions s
      where s.created_at >= p_days_since and s.anchor is not null
      union all
      select (s.ended_at at time zone 'UTC')::date, false from subscriptions s
      where s.ended_at >= p_days_since and s.anchor is not null
    ) d
    group by d.day
  ), reached as (
    -- The console shows fewer than these; without a limit, all windows of the past would be read.
    select distinct a.subscription_id, a.feature_id, a.window_start from (
      select l.subscription_id, l.feature_id, l.window_start from usage_alerts l order by l.crossed_at desc limit 500
    ) a
  ), hot as (
    select s.id, s.user_id, p.name as plan, f.code, u.used_amount, u.quota_limit, u.window_end
    from reached r
    join feature_usage u using (subscription_id, feature_id, window_start)
    -- The thresholds and the limit of today: usage may have been released since the alert, or the plan may have changed.
    cross join lateral usage_plan_feature(r.subscription_id, r.feature_id) pf
    join lateral (
      select l.id, l.user_id, l.plan_version_id from subscriptions l
      where l.usage_home = r.subscription_id and l.plan_version_id = pf.plan_version_id
        and l.status not in ('canceled', 'incomplete_expired')
      order by l.id limit 1
    ) s on true
    join plan_versions v on v.id = s.plan_version_id join plans p on p.id = v.plan_id
    join features f on f.id = r.feature_id
    where u.quota_limit > 0 and u.window_start <= p_now and p_now < u.window_end
      and u.used_amount * 100 >= u.quota_limit * (select min(t.threshold) from unnest(pf.alert_thresholds) as t(threshold))
    order by u.used_amount::numeric / greatest(u.quota_limit, 1) desc, s.user_id, f.code
    limit p_hot_spots
  )
  select jsonb_build_object(
    'statuses', (
      select coalesce(jsonb_agg(jsonb_build_object('status', t.status, 'count', t.many) order by t.status), '[]')
      from (select n.status, sum(n.many) as many from named n group by n.status) t),
    'revenue', (
      select coalesce(jsonb_agg(jsonb_build_object('currency', t.currency, 'mrrMinor', t.mrr, 'pastDueMinor', t.past_due)
        order by t.mrr desc, t.currency), '[]')
      from (
        select n.currency, sum(n.mrr_minor) as mrr,
          coalesce(sum(n.mrr_minor) filter (where n.status = 'past_due'), 0) as past_due
        from named n group by n.currency having sum(n.mrr_minor) > 0) t),
    'plans', (
      select coalesce(jsonb_agg(jsonb_build_object('slug', t.slug, 'name', t.name, 'period', t.period,
        'currency', t.currency, 'active', t.active, 'trialing', t.trialing, 'pastDue', t.past_due, 'other', t.other,
        'mrrMinor', t.mrr) order by t.mrr desc, t.rank desc, t.slug, t.currency, t.period), '[]')
      from (
        select n.slug, n.name, n.rank, n.period, n.currency, coalesce(sum(n.mrr_minor), 0) as mrr,
          coalesce(sum(n.many) filter (where n.status = 'active'), 0) as active,
          coalesce(sum(n.many) filter (where n.status = 'trialing'), 0) as trialing,
          coalesce(sum(n.many) filter (where n.status = 'past_due'), 0) as past_due,
          coalesce(sum(n.many) filter (where n.status in ('incomplete', 'unpaid', 'paused')), 0) as other
        from named n where n.status not in ('canceled', 'incomplete_expired')
        group by n.slug, n.name, n.rank, n.period, n.currency) t),
    'trialsEnding', (select coalesce(sum(n.trials_ending), 0) from named n),
    'leaving', (select coalesce(sum(n.leaving), 0) from named n),
    'churn', churn_since(p_churn_since),
    'days', (select coalesce(jsonb_agg(jsonb_build_object('day', d.day, 'started', d.started, 'ended', d.ended)
      order by d.day), '[]') from days d),
    'hotSpots', (select coalesce(jsonb_agg(jsonb_build_object('subscriptionId', h.id, 'userId', h.user_id, 'plan', h.plan,
      'feature', h.code, 'usedAmount', h.used_amount, 'quotaLimit', h.quota_limit, 'windowEnd', h.window_end)), '[]')
      from hot h))
$$;
