-- callers: functions
-- Stops the open windows of a plan's features, because its subscription was paused: they have no end until
-- `run_usage_windows_on`, so no other window opens. Windows of features that another paid plan of the customer decides
-- continue, and so do windows that never reset.
-- Running it twice stops nothing more.
-- Locks windows in the order of `consume_usage`.
create or replace function stop_usage_windows(p_home uuid, p_plan_version uuid, p_now timestamptz) returns void
language sql as $$
  with open_windows as materialized (
    select u.feature_id, u.window_start from feature_usage u
    where u.subscription_id = p_home and u.window_start <= p_now and p_now < u.window_end
      and u.window_end < '9999-12-31T00:00:00Z'
      and (exists (
          select from plan_features own where own.plan_version_id = p_plan_version and own.feature_id = u.feature_id)
        or exists (
          select from subscriptions s cross join lateral usage_addon_feature(s, u.feature_id)
          where s.usage_home = p_home and s.plan_version_id = p_plan_version))
      and not exists (
        select from usage_plan_feature(p_home, u.feature_id) pf
        join plan_versions v on v.id = pf.plan_version_id
        where pf.plan_version_id <> p_plan_version and v.price_minor > 0)
    order by u.feature_id, u.window_start
    for update of u
  )
  update feature_usage u set stopped_end = u.window_end, window_end = '9999-12-31T00:00:00Z' from open_windows w
  where u.subscription_id = p_home and u.feature_id = w.feature_id and u.window_start = w.window_start
$$;
