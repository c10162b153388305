-- may be null: p_limits[]
-- never null: all but quota_limit, remaining
-- The state of each counted feature, without locks: its open window, or the window as it would open.
--
-- p_starts, p_ends: the windows that would open, one entry per feature.
-- p_limits: not used; `usage_pooled_limit` knows the limits.
create or replace function list_usage_counters(
  p_now timestamptz, p_user text, p_subscription uuid, p_features uuid[], p_starts timestamptz[], p_ends timestamptz[],
  p_limits bigint[]
) returns table (
  feature_id uuid, is_open boolean, used_amount bigint, quota_limit bigint, rolled_over bigint, granted_left bigint,
  held_amount bigint, overage_amount bigint, window_start timestamptz, window_end timestamptz, remaining bigint
) language sql stable as $$
  select w.feature_id, u.window_start is not null, coalesce(u.used_amount, 0), l.quota_limit,
    coalesce(u.rolled_in_amount - u.rolled_out_amount, 0), x.granted_left, x.held_amount, coalesce(u.overage_amount, 0),
    coalesce(u.window_start, b.ended, w.window_start), coalesce(u.window_end,
      case when h.is_free and b.ended > w.window_start then b.ended + (w.window_end - w.window_start) end, w.window_end),
    usage_left(case when u.window_start is null then l.quota_limit else usage_own_left(u.counter, l.quota_limit) end,
      x.granted_left, x.held_amount)
  from unnest(p_features, p_starts, p_ends, p_limits) as w(feature_id, window_start, window_end, quota_limit)
  join (
    select s as subscription, s.usage_home as id, v.price_minor = 0 as is_free
    from subscriptions s join plan_versions v on v.id = s.plan_version_id where s.id = p_subscription
  ) h on true
  left join lateral (
    select c as counter, c.* from feature_usage c
    where c.subscription_id = h.id and c.feature_id = w.feature_id
      and c.window_start <= p_now and p_now < c.window_end
    order by c.window_start desc limit 1
  ) u on true
  -- A window begins no sooner than the one before it ended; that of a free plan lasts its whole length, as it opens.
  left join lateral (
    select max(e.window_end) as ended from feature_usage e
    where e.subscription_id = h.id and e.feature_id = w.feature_id
      and e.window_end > w.window_start and e.window_end <= p_now
  ) b on u.window_start is null
  cross join lateral usage_extras(p_now, p_user, h.id, w.feature_id,
    coalesce(u.window_start, b.ended, w.window_start)) x
  cross join lateral (
    select case when x.is_overridden then x.override_limit when u.window_start is null then usage_pooled_limit(
        h.subscription, w.feature_id, coalesce(b.ended, w.window_start))
      else u.quota_limit end as quota_limit
  ) l
$$;
