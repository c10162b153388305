-- What the console shows of all subscriptions together, and how it looks through them. Each page asks once or twice, and each
-- question has an index, or reads the subscriptions once.

-- The newest first of one status (of all: 0062); by the beginning of a user's id; what ended lately; who reached a threshold.
create index subscriptions_by_status on subscriptions (status, created_at desc, id desc);
create index subscriptions_by_beginning_of_user on subscriptions (user_id text_pattern_ops);
create index subscriptions_that_ended on subscriptions (ended_at) where ended_at is not null;
create index usage_alerts_by_time on usage_alerts (crossed_at desc);

-- What a subscription brings in a month, in whole minor units: price times quantity less what is taken off each bill, of a year
-- the twelfth part, half a unit rounded up. A discount counts until it ends.
-- It has no search_path of its own, so that it becomes a part of the query that asks.
create function monthly_minor(p_subscription subscriptions, p_version plan_versions, p_now timestamptz) returns bigint
language sql stable as $$
  select case
    when p_subscription.discount is null or (p_subscription.discount ->> 'endsAt')::timestamptz <= p_now
    then (p_version.price_minor * p_subscription.quantity * 2 / case p_version.period when 'yearly' then 12 else 1 end + 1) / 2
    else round(greatest(0,
        p_version.price_minor::numeric * p_subscription.quantity
          * (100 - coalesce((p_subscription.discount ->> 'percentOff')::numeric, 0)) / 100
        - case when p_subscription.discount ->> 'currency' is null
            or p_subscription.discount ->> 'currency' = p_version.currency
          then coalesce((p_subscription.discount ->> 'amountOffMinor')::bigint, 0) else 0 end)
      / case p_version.period when 'yearly' then 12 else 1 end)::bigint
  end
$$;
select close_function('monthly_minor(subscriptions, plan_versions, timestamptz)');

-- All figures of the overview, as of `p_now`. The subscriptions are read once, and what is summed then is small.
create function billing_overview(
  p_now timestamptz, p_trial_until timestamptz, p_churn_since timestamptz, p_days_since timestamptz, p_hot_spots integer
) returns jsonb language sql stable set search_path = public, pg_temp set plan_cache_mode = force_custom_plan as $$
  with sums as materialized (
    select s.plan_version_id, s.status, count(*) as many,
      count(*) filter (where s.status = 'trialing' and s.trial_end <= p_trial_until) as trials_ending,
      count(*) filter (where s.cancel_at is not null and s.ended_at is null) as leaving,
      count(*) filter (where s.anchor is not null and s.created_at <= p_churn_since
        and (s.ended_at is null or s.ended_at > p_churn_since)) as were_live,
      count(*) filter (where s.anchor is not null and s.created_at <= p_churn_since
        and s.ended_at > p_churn_since) as left_since,
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
    -- More than these are looked at by nobody, and there may be many of windows that are over.
    select distinct a.subscription_id, a.feature_id, a.window_start from (
      select l.subscription_id, l.feature_id, l.window_start from usage_alerts l order by l.crossed_at desc limit 500
    ) a
  ), hot as (
    select s.id, s.user_id, p.name as plan, f.code, u.used_amount, u.quota_limit, u.window_end
    from reached r
    join feature_usage u using (subscription_id, feature_id, window_start)
    join subscriptions s on s.id = r.subscription_id and s.status not in ('canceled', 'incomplete_expired')
    join plan_versions v on v.id = s.plan_version_id join plans p on p.id = v.plan_id
    join features f on f.id = r.feature_id
    where u.quota_limit is not null and u.window_start <= p_now and p_now < u.window_end
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
    'churn', (select jsonb_build_object('ended', coalesce(sum(n.left_since), 0), 'liveBefore', coalesce(sum(n.were_live), 0))
      from named n),
    'days', (select coalesce(jsonb_agg(jsonb_build_object('day', d.day, 'started', d.started, 'ended', d.ended)
      order by d.day), '[]') from days d),
    'hotSpots', (select coalesce(jsonb_agg(jsonb_build_object('subscriptionId', h.id, 'userId', h.user_id, 'plan', h.plan,
      'feature', h.code, 'usedAmount', h.used_amount, 'quotaLimit', h.quota_limit, 'windowEnd', h.window_end)), '[]')
      from hot h))
$$;
select close_function('billing_overview(timestamptz, timestamptz, timestamptz, timestamptz, integer)');

-- Looks through subscriptions, the newest first, a page after the subscription `p_after`. `p_text` is any id that somebody may
-- have at hand, ours or Stripe's, or the beginning of a user's (`p_prefix`, as a pattern).
create function search_subscriptions(
  p_text text, p_id uuid, p_prefix text, p_status text, p_plan text, p_after uuid, p_limit integer
) returns table (
  id uuid, user_id text, status text, plan_slug text, plan_name text, plan_period text, price_minor bigint, currency text,
  quantity integer, mrr_minor bigint, trial_end timestamptz, period_end timestamptz, cancel_at timestamptz,
  ended_at timestamptz, drift text, created_at timestamptz
) language plpgsql stable
-- Planned for what is asked: each combination has an index of its own.
set search_path = public, pg_temp set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
declare
  v_ids uuid[] := array(
    select i.id from subscriptions i where i.id = p_id
    union select i.id from subscriptions i where i.stripe_subscription_id = p_text
    union select i.id from subscriptions i where i.checkout_session_id = p_text
    union select i.id from subscriptions i join customers c on c.user_id = i.user_id where c.stripe_customer_id = p_text
    union select b.subscription_id from invoices b where b.id = p_text);
  -- What names one of them exactly is no beginning of a user's id.
  v_prefix text := case when cardinality(v_ids) = 0 then p_prefix end;
begin
  if cardinality(v_ids) = 0 then
    v_ids := null;
  end if;
  return query
  select s.id, s.user_id, s.status, p.slug, p.name, v.period, v.price_minor, v.currency, s.quantity,
    case when s.status in ('active', 'past_due') then monthly_minor(s, v, s.updated_at) else 0 end,
    s.trial_end, s.period_end, s.cancel_at, s.ended_at, s.drift, s.created_at
  from subscriptions s join plan_versions v on v.id = s.plan_version_id join plans p on p.id = v.plan_id
  where (p_status is null or s.status = p_status) and (p_plan is null or p.slug = p_plan)
    and (v_ids is null or s.id = any (v_ids)) and (v_prefix is null or s.user_id like v_prefix)
    and (p_after is null or (s.created_at, s.id) < (select a.created_at, a.id from subscriptions a where a.id = p_after))
  order by s.created_at desc, s.id desc
  limit p_limit;
end $$;
select close_function('search_subscriptions(text, uuid, text, text, text, uuid, integer)');
