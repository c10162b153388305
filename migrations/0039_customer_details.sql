-- E-mail address and name that the application sets. A change is sent to Stripe after its commit, so a crash between the two
-- leaves it due.
alter table customers
  add column name text,
  -- Counts the changes: only the end of the update that sent the latest one clears `details_due_at`.
  add column details_revision integer not null default 0,
  -- When address and name are sent to Stripe's customer next; null if nothing is due.
  add column details_due_at timestamptz,
  add column details_attempts integer not null default 0,
  add constraint customer_name_has_a_length check (char_length(name) between 1 and 256);
-- Most customers of free plans are never known to Stripe. Their details stay due, and no claim should read them.
create index customers_with_details_due on customers (details_due_at)
  where details_due_at is not null and stripe_customer_id is not null;
do $$ begin
  if has_api_roles() then
    grant select (name) on table customers to authenticated;
  end if;
end $$;
