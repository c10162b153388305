-- callers: functions
-- never null: all but first_attempt_at, stripe_customer_id
-- Gives the caller reports that it has locked, until `p_until`. The attempt is counted before it is made;
-- `first_attempt_at` is as it was before.
create or replace function lease_overage_reports(p_due usage_overage_reports[], p_now timestamptz, p_until timestamptz)
returns table (
  subscription_id uuid, feature_id uuid, window_start timestamptz, sequence integer, amount bigint,
  occurred_at timestamptz, attempts integer, first_attempt_at timestamptz, stripe_customer_id text, event_name text
) language sql as $$
  with leased as (
    update usage_overage_reports r set attempts = r.attempts + 1, due_at = p_until,
      first_attempt_at = coalesce(r.first_attempt_at, case when c.stripe_customer_id is not null then p_now end)
    from unnest(p_due) b
    join subscriptions s on s.id = b.subscription_id
    join customers c on c.user_id = s.user_id
    where (r.subscription_id, r.feature_id, r.window_start, r.sequence)
      = (b.subscription_id, b.feature_id, b.window_start, b.sequence)
    returning r.*, c.stripe_customer_id, b.first_attempt_at as attempted_before
  )
  select l.subscription_id, l.feature_id, l.window_start, l.sequence, l.amount, l.occurred_at, l.attempts,
    l.attempted_before, l.stripe_customer_id, coalesce(f.meter_event_name, f.code)
  from leased l join features f on f.id = l.feature_id
  order by l.occurred_at, l.sequence
$$;
