-- never null: all but first_attempt_at, stripe_customer_id
-- Claims the pending reports of one user until `p_until`, also those that another process sends or repeats later: the meter
-- counts a report's identifier once. `first_attempt_at` is as it was before this claim.
create or replace function claim_overage_reports_of_user(
  p_user text, p_now timestamptz, p_until timestamptz, p_limit integer
) returns table (
  subscription_id uuid, feature_id uuid, window_start timestamptz, sequence integer, amount bigint,
  occurred_at timestamptz, attempts integer, first_attempt_at timestamptz, stripe_customer_id text, event_name text
) language sql set search_path = public, pg_temp as $$
  with before as (
    select r.* from usage_overage_reports r
    join subscriptions s on s.id = r.subscription_id
    where s.user_id = p_user and r.state = 'pending'
    order by r.subscription_id, r.feature_id, r.window_start, r.sequence limit p_limit for update of r
  ), claimed as (
    update usage_overage_reports r set attempts = r.attempts + 1, due_at = p_until,
      first_attempt_at = coalesce(r.first_attempt_at, case when c.stripe_customer_id is not null then p_now end)
    from before b
    join customers c on c.user_id = p_user
    where (r.subscription_id, r.feature_id, r.window_start, r.sequence)
      = (b.subscription_id, b.feature_id, b.window_start, b.sequence)
    returning r.*, c.stripe_customer_id, b.first_attempt_at as attempted_before
  )
  select d.subscription_id, d.feature_id, d.window_start, d.sequence, d.amount, d.occurred_at, d.attempts,
    d.attempted_before, d.stripe_customer_id, coalesce(f.meter_event_name, f.code)
  from claimed d join features f on f.id = d.feature_id
  order by d.occurred_at, d.sequence
$$;
