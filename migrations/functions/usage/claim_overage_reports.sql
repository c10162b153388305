-- never null: all but first_attempt_at, stripe_customer_id
-- Claims due reports for the caller alone until `p_until`: see `lease_overage_reports`.
create or replace function claim_overage_reports(p_now timestamptz, p_until timestamptz, p_limit integer) returns table (
  subscription_id uuid, feature_id uuid, window_start timestamptz, sequence integer, amount bigint,
  occurred_at timestamptz, attempts integer, first_attempt_at timestamptz, stripe_customer_id text, event_name text
) language sql set search_path = public, pg_temp as $$
  with due as materialized (
    select r from usage_overage_reports r
    where r.state = 'pending' and r.due_at <= p_now order by r.due_at limit p_limit for update skip locked
  )
  select l.* from lease_overage_reports((select array_agg(d.r) from due d), p_now, p_until) l
$$;
