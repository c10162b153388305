-- never null: all
-- Claims due alerts and returns the subscriptions to signal: of the customer's live ones, one whose plan has the feature;
-- without a live one the latest, which skips them.
--
-- Each is due again after 1, 2, 4 … up to 60 seconds: sending a
-- signal twice is harmless, and an outage may last.
create or replace function claim_usage_alerts(p_now timestamptz, p_limit integer) returns table (subscription_id uuid)
language sql set search_path = public, pg_temp as $$
  with due as (
    select a.subscription_id, a.feature_id, a.window_start, a.threshold, a.quota_limit from usage_alerts a
    where a.state = 'pending' and a.due_at <= p_now order by a.due_at limit p_limit for update skip locked
  ), claimed as (
    update usage_alerts a set attempts = a.attempts + 1,
      due_at = p_now + least(60, 2 ^ least(a.attempts, 10)) * interval '1 second'
    from due d
    where (a.subscription_id, a.feature_id, a.window_start, a.threshold, a.quota_limit)
      = (d.subscription_id, d.feature_id, d.window_start, d.threshold, d.quota_limit)
    returning a.subscription_id, a.feature_id
  )
  select distinct t.id from claimed c
  cross join lateral (
    select s.id from subscriptions s
    left join plan_features pf on pf.plan_version_id = s.plan_version_id and pf.feature_id = c.feature_id
    left join lateral usage_addon_feature(s, c.feature_id) own on pf.feature_id is null
    where s.usage_home = c.subscription_id
    order by s.status in ('canceled', 'incomplete_expired'), coalesce(pf.feature_id, own.feature_id) is null, s.access_until is null,
      s.product_line, s.created_at desc
    limit 1
  ) t
$$;
