-- Makes an update that failed due again, at `p_due_at`.
create or replace function postpone_customer_update(p_user text, p_due_at timestamptz) returns void
language sql set search_path = public, pg_temp as $$
  update customers set details_due_at = p_due_at where user_id = p_user and details_due_at is not null
$$;
