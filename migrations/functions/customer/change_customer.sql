-- may be null: p_email, p_name, p_subscription, p_changes
-- Sets address and name of a customer, creates the customer if need be, and returns it. Null keeps the present value.
--
-- A change makes an update of Stripe's customer due, and adds a timeline entry to `p_subscription` (null for a customer without
-- one) with a webhook, whose `about` is the customer after the change. Without a difference nothing is written.
-- Locks the customer before the subscription, as the erasure of a user does.
create or replace function change_customer(
  p_user text, p_email text, p_name text, p_now timestamptz, p_subscription uuid, p_changes jsonb
) returns setof customers language plpgsql set search_path = public, pg_temp as $$
declare
  c customers;
begin
  insert into customers (user_id, created_at) values (p_user, p_now) on conflict (user_id) do nothing;
  update customers k set email = coalesce(p_email, k.email), name = coalesce(p_name, k.name),
    details_revision = k.details_revision + 1,
    -- An update that is under way keeps its turn: two updates at once could arrive in any order.
    details_due_at = greatest(p_now, k.details_due_at)
  where k.user_id = p_user
    and (k.email is distinct from coalesce(p_email, k.email) or k.name is distinct from coalesce(p_name, k.name))
  returning k.* into c;
  if found then
    perform from subscriptions s where s.id = p_subscription and s.user_id = p_user for no key update;
    if found then
      perform add_subscription_changes(p_subscription, jsonb_set(p_changes, '{0,event,about}',
        jsonb_build_object('customer', jsonb_build_object('email', c.email, 'name', c.name))));
    end if;
  end if;
  return query select k.* from customers k where k.user_id = p_user;
end $$;
