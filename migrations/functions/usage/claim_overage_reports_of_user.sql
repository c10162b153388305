-- never null: all but first_attempt_at, stripe_customer_id
-- Claims the pending reports of one user until `p_until`, also those that another process sends or repeats later: the meter
-- counts a report's identifier once. See `lease_overage_reports`.
create or replace function claim_overage_reports_of_user(
  p_user text, p_now timestamptz, p_until timestamptz, p_limit integer
) returns table (
  subscription_id uuid, feature_id uuid, window_start timestamptz, sequence integer, amount bigint,
  occurred_at timestamptz, attempts integer, first_attempt_at timestamptz, stripe_customer_id text, event_name text
) language sql set search_path = public, pg_temp as $$
  with due as materialized (
    select r from usage_overage_reports r
    join subscriptions s on s.id = r.subscription_id
    where s.user_id = p_user and r.state = 'pending'
    order by r.subscription_id, r.feature_id, r.window_start, r.sequence limit p_limit for update of r
  )
  select l.* from lease_overage_reports((select array_agg(d.r) from due d), p_now, p_until) l
$$;
