-- Closes all open findings about an object at Stripe, because it agrees again.
create or replace function settle_drift(p_stripe_id text, p_now timestamptz) returns void
language sql set search_path = public, pg_temp as $$
  update drift_findings set state = 'repaired', closed_at = p_now, closed_by = 'sync'
  where stripe_id = p_stripe_id and state = 'open'
$$;
