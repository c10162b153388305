-- may be null: p_drift
-- Records that a version was pushed (`p_is_push`) or compared.
-- p_drift: what differs at Stripe, in words, or null.
create or replace function finish_catalogue_push(
  p_version uuid, p_is_push boolean, p_name text, p_price_active boolean, p_drift text, p_now timestamptz
) returns void language sql set search_path = public, pg_temp as $$
  update stripe_catalogue set compared_at = p_now, drift = p_drift, attempts = 0, last_error = null, due_at = p_now,
    pushed_name = case when p_is_push then p_name else pushed_name end,
    pushed_active = case when p_is_push then p_price_active else pushed_active end,
    pushed_at = case when p_is_push then p_now else pushed_at end,
    pushes = case when p_is_push then pushes + 1 else pushes end
  where plan_version_id = p_version
$$;
