-- needed by: tables
--
-- Gives a new subscription the usage counters of its customer; the customer's first one begins them.
--
-- Locks the customer's row until the end of the transaction, so that two first subscriptions begin the same counters.
create or replace function set_usage_home() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if new.usage_home is null then
    update customers set usage_home = coalesce(usage_home, new.id) where user_id = new.user_id
    returning usage_home into new.usage_home;
    -- Without a customer the insert fails at its foreign key.
    new.usage_home := coalesce(new.usage_home, new.id);
  end if;
  return new;
end $$;
