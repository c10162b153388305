-- never null: all but first_attempt_at, stripe_customer_id
-- Claims due reports for the caller alone until `p_until`. The attempt is counted before it is made;
-- `first_attempt_at` is as it was before this claim.
create or replace function claim_overage_reports(p_now timestamptz, p_until timestamptz, p_limit integer) returns table (
  subscription_id uuid, feature_id uuid, window_start timestamptz, sequence integer, amount bigint,
  occurred_at timestamptz, attempts integer, first_attempt_at timestamptz, stripe_customer_id text, event_name text
) language sql set search_path = public, pg_temp as $$
  with due as (
    select r.subscription_id, r.feature_id, r.window_start, r.sequence from usage_overage_reports r
    where r.state = 'pending' and r.due_at <= p_now order by r.due_at limit p_limit for update skip locked
  ), before as (
    select r.* from usage_overage_reports r join due using (subscription_id, feature_id, window_start, sequence)
  ), claimed as (
    update usage_overage_reports r set attempts = r.attempts + 1, due_at = p_until,
      first_attempt_at = coalesce(r.first_attempt_at, case when c.stripe_customer_id is not null then p_now end)
    from before b
    join subscriptions s on s.id = b.subscription_id
    join customers c on c.user_id = s.user_id
    where (r.subscription_id, r.feature_id, r.window_start, r.sequence)
      = (b.subscription_id, b.feature_id, b.window_start, b.sequence)
    returning r.*, c.stripe_customer_id, b.first_attempt_at as attempted_before
  )
  select d.subscription_id, d.feature_id, d.window_start, d.sequence, d.amount, d.occurred_at, d.attempts,
    d.attempted_before, d.stripe_customer_id, coalesce(f.meter_event_name, f.code)
  from claimed d join features f on f.id = d.feature_id
  order by d.occurred_at, d.sequence
$$;
