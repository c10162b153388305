-- callers: functions
-- Gives a customer's open windows the limits of the plans that now decide about their features, also when one
-- subscription has ended and another one continues. Past windows keep theirs.
--
-- Locks windows in the order of `consume_usage`; the caller has locked the subscription.
create or replace function apply_usage_limits(p_now timestamptz, p_home uuid) returns void
language sql as $$
  with locked as materialized (
    select u.feature_id, u.window_start,
      usage_pooled_limit(s, u.feature_id, u.window_start) as quota_limit
    from feature_usage u
    cross join lateral usage_plan_feature(p_home, u.feature_id) pf
    join subscriptions s on s.usage_home = p_home and s.plan_version_id = pf.plan_version_id
      and s.status not in ('canceled', 'incomplete_expired')
    where u.subscription_id = p_home and u.window_start <= p_now and p_now < u.window_end
    order by u.feature_id, u.window_start
    for update of u
  )
  update feature_usage u set quota_limit = l.quota_limit, alert_at = 0 from locked l
  where u.subscription_id = p_home and u.feature_id = l.feature_id and u.window_start = l.window_start
    and u.quota_limit is distinct from l.quota_limit;
$$;
