-- Records that Stripe has the details of `p_revision`. A later change is due at once.
create or replace function finish_customer_update(p_user text, p_revision integer, p_now timestamptz) returns void
language sql set search_path = public, pg_temp as $$
  update customers set details_attempts = 0,
    details_due_at = case when details_revision = p_revision then null else p_now end
  where user_id = p_user
$$;
