-- never null: all
-- Closes findings that a comparison which began at `p_since` did not see, and returns how many. Refunds and plans
-- stay: this comparison does not look at them. So does usage of periods that it no longer compares.
create or replace function close_unseen_drift(p_since timestamptz, p_by text, p_now timestamptz) returns bigint
language sql set search_path = public, pg_temp as $$
  with closed as (
    update drift_findings set state = 'resolved', closed_at = p_now, closed_by = p_by
    where state = 'open' and seen_at < p_since and kind not in ('extra_refunded', 'plan_differs', 'usage_not_billed', 'meter_too_high')
    returning 1
  )
  select count(*) from closed
$$;
