-- Before months of the ledger are dropped: adds what they hold to `usage_sums`, some windows at a time.
--
-- p_before: as for `tidy_usage_partitions`.
-- p_after: empty at first, then what the call before returned.
-- p_windows: windows that one call looks at.
-- p_rows: entries of the ledger to read, about; a larger window takes several calls.
-- Returns null at the end, and if no month is to be dropped.
-- Locks windows in the order of `consume_usage`.
create or replace function sum_usage_before(
  p_now timestamptz, p_before timestamptz, p_after text, p_windows integer, p_rows integer
) returns text language plpgsql set search_path = public, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  w record;
  v_after text := p_after;
  v_until timestamptz;
  v_left integer := p_rows;
begin
  select max(p.ends_at) into v_until from old_usage_partitions(p_now, p_before) p;
  if v_until is null then
    return null;
  end if;
  for w in
    select concat_ws('/', u.subscription_id, u.feature_id, u.window_start) as cursor, u.subscription_id, u.feature_id,
      u.window_start, least(greatest(u.window_end, u.former_end), v_until) as until, u.summed_until
    from feature_usage u
    where p_after = '' or (u.subscription_id, u.feature_id, u.window_start) > (
      split_part(p_after, '/', 1)::uuid, split_part(p_after, '/', 2)::uuid, split_part(p_after, '/', 3)::timestamptz)
    order by u.subscription_id, u.feature_id, u.window_start
    limit p_windows
  loop
    if w.summed_until < w.until then
      v_left := v_left - sum_usage_window(w.subscription_id, w.feature_id, w.window_start, w.until, v_left);
    end if;
    -- The window at which the entries ran out may have more of them.
    if v_left <= 0 then
      return v_after;
    end if;
    v_after := w.cursor;
  end loop;
  return nullif(v_after, p_after);
end $$;
