-- never null: all
-- Gives the user with this customer at Stripe the e-mail address that it has there, unless a newer one is still to be sent to
-- Stripe. Returns false if no user here has this customer; then nothing is created, so an erased user stays erased.
create or replace function follow_customer_email(p_customer text, p_email text) returns boolean
language plpgsql set search_path = public, pg_temp as $$
begin
  update customers set email = case when details_due_at is null then p_email else email end
  where stripe_customer_id = p_customer;
  return found;
end $$;
