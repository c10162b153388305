-- never null: all
-- The units that were reported to Stripe's meter for a counter, of usage from `p_from` until before `p_until`.
--
-- unconfirmed_amount: of reports that were given up after they had been sent. is_settled: no report of the span waits, and none
-- was sent since `p_sent_before`, because Stripe adds reports up with a delay.
create or replace function sum_overage_reports(
  p_counter uuid, p_feature uuid, p_from timestamptz, p_until timestamptz, p_sent_before timestamptz
) returns table (reported_amount bigint, unconfirmed_amount bigint, is_settled boolean)
language sql stable set search_path = public, pg_temp as $$
  select coalesce(sum(r.amount) filter (where r.state = 'reported'), 0)::bigint,
    coalesce(sum(r.amount) filter (where r.state = 'failed' and r.first_attempt_at is not null), 0)::bigint,
    coalesce(bool_and(r.state <> 'pending' and coalesce(r.reported_at, r.occurred_at) < p_sent_before), true)
  from usage_overage_reports r
  where r.subscription_id = p_counter and r.feature_id = p_feature
    and r.occurred_at >= p_from and r.occurred_at < p_until
$$;
