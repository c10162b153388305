-- never null: all
-- Adds the next part of one feature's ledger of a user to `usage_sums`, oldest windows first, and returns whether there
-- may be more.
--
-- p_until: entries from then on are left. Usage that occurred before is counted more slowly from now on, so it should
-- lie in the past by more than clocks differ.
-- p_rows: entries of the ledger to read, about; also the number of windows.
-- Locks windows in the order of `consume_usage`.
create or replace function sum_usage(p_user text, p_feature text, p_until timestamptz, p_rows integer) returns boolean
language plpgsql set search_path = public, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  w record;
  v_left integer := p_rows;
begin
  for w in
    select u.subscription_id, u.feature_id, u.window_start, least(greatest(u.window_end, u.former_end), p_until) as until
    from subscriptions s
    join features f on f.code = p_feature
    join feature_usage u on u.subscription_id = s.id and u.feature_id = f.id
    where s.user_id = p_user and u.window_start < p_until
      and u.summed_until < least(greatest(u.window_end, u.former_end), p_until)
    order by u.subscription_id, u.window_start
  loop
    if v_left <= 0 then
      return true;
    end if;
    -- A window without entries costs something too.
    v_left := v_left - greatest(10,
      sum_usage_window(w.subscription_id, w.feature_id, w.window_start, w.until, v_left));
  end loop;
  return v_left <= 0;
end $$;
