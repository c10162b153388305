-- The pending alerts of a subscription, oldest first.
create or replace function list_usage_alerts(p_subscription uuid, p_limit integer) returns table (
  subscription_id uuid, feature_id uuid, code text, name text, window_start timestamptz, window_end timestamptz,
  threshold integer, used_amount bigint, quota_limit bigint
) language sql stable set search_path = public, pg_temp as $$
  select a.subscription_id, a.feature_id, f.code, f.name, a.window_start, u.window_end, a.threshold, a.used_amount,
    a.quota_limit
  from usage_alerts a
  join features f on f.id = a.feature_id
  join feature_usage u using (subscription_id, feature_id, window_start)
  where a.subscription_id = (select s.usage_home from subscriptions s where s.id = p_subscription) and a.state = 'pending'
  order by a.crossed_at, a.feature_id, a.window_start, a.threshold
  limit p_limit
$$;
