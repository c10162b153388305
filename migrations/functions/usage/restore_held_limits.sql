-- Gives a customer's open windows the limits of their present plans again, after a change that `narrow_held_limits` had
-- prepared was not made. Locks the subscription for share, then windows in the order of `consume_usage`.
-- Running it twice changes nothing more.
create or replace function restore_held_limits(p_now timestamptz, p_subscription uuid) returns void
language plpgsql set search_path = public, pg_temp as $$
declare
  v_home uuid;
begin
  select s.usage_home into v_home from subscriptions s where s.id = p_subscription for share;
  perform apply_usage_limits(p_now, v_home);
end $$;
