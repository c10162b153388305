-- Claims due alerts and returns their subscriptions. Each is due again after 1, 2, 4 … up to 60 seconds: sending a
-- signal twice is harmless, and an outage may last.
create or replace function claim_usage_alerts(p_now timestamptz, p_limit integer) returns table (subscription_id uuid)
language sql set search_path = public, pg_temp as $$
  with due as (
    select a.subscription_id, a.feature_id, a.window_start, a.threshold from usage_alerts a
    where a.state = 'pending' and a.due_at <= p_now order by a.due_at limit p_limit for update skip locked
  ), claimed as (
    update usage_alerts a set attempts = a.attempts + 1,
      due_at = p_now + least(60, 2 ^ least(a.attempts, 10)) * interval '1 second'
    from due d
    where (a.subscription_id, a.feature_id, a.window_start, a.threshold)
      = (d.subscription_id, d.feature_id, d.window_start, d.threshold)
    returning a.subscription_id
  )
  select distinct c.subscription_id from claimed c
$$;
