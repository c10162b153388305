-- may be null: p_subscription, p_stripe_id
-- Records a difference between here and Stripe. One that was closed is open again, unless an operator dismissed it and
-- it has not changed since.
create or replace function note_drift(
  p_key text, p_kind text, p_subscription uuid, p_stripe_id text, p_detail text, p_remedy text, p_now timestamptz
) returns void language sql set search_path = public, pg_temp as $$
  insert into drift_findings as f (key, kind, subscription_id, stripe_id, detail, remedy, state, found_at, seen_at)
  values (p_key, p_kind, p_subscription, p_stripe_id, p_detail, p_remedy, 'open', p_now, p_now)
  on conflict (key) do update
    set detail = excluded.detail, seen_at = p_now, state = 'open', closed_at = null, closed_by = null
    where f.state <> 'dismissed' or f.detail <> excluded.detail
$$;
