-- callers: functions
-- Adds the ledger of one window to `usage_sums`, from where the last call ended, and returns how many entries it read.
--
-- p_until: entries from then on are left; never more than the latest end that the window had.
-- p_rows: after this many entries it ends, at an instant between two entries; then it returns at least so many.
-- Locks the window while it adds, so that no entry is left out or added twice.
create or replace function sum_usage_window(
  p_subscription uuid, p_feature uuid, p_window_start timestamptz, p_until timestamptz, p_rows integer
) returns integer language plpgsql as $$
declare
  v_from timestamptz;
  v_until timestamptz;
  v_first_month date;
  v_last_month date;
  v_read integer;
begin
  select greatest(u.summed_until, u.window_start) into v_from from feature_usage u
  where u.subscription_id = p_subscription and u.feature_id = p_feature and u.window_start = p_window_start;
  -- An entry is in the month in which it was accepted: the month in which it occurred, or a later one.
  v_first_month := date_trunc('month', v_from at time zone 'UTC')::date;
  v_last_month := (p_until at time zone 'UTC' + interval '3 months')::date;
  -- Looked up before the lock, so that the lock is held for the addition alone.
  select e.occurred_at + interval '1 microsecond' into v_until from usage_events e
  where usage_counter(e.subscription_id, e.feature_id) = usage_counter(p_subscription, p_feature)
    and e.occurred_at >= v_from and e.occurred_at < p_until
    and e.recorded_month >= v_first_month and e.recorded_month <= v_last_month
  order by e.occurred_at offset p_rows - 1 limit 1;
  v_until := least(p_until, v_until);

  select greatest(u.summed_until, u.window_start) into v_from from feature_usage u
  where u.subscription_id = p_subscription and u.feature_id = p_feature and u.window_start = p_window_start
    and u.summed_until < v_until
  for update;
  if not found then
    return 0;
  end if;
  with entries as materialized (
    select e.* from usage_events e
    where usage_counter(e.subscription_id, e.feature_id) = usage_counter(p_subscription, p_feature)
      and e.subscription_id = p_subscription and e.feature_id = p_feature and e.window_start = p_window_start
      and e.occurred_at >= v_from and e.occurred_at < v_until
      and e.recorded_month >= v_first_month and e.recorded_month <= v_last_month
  ), added as (
    insert into usage_sums as s (subscription_id, feature_id, starts_at, window_start, used_amount, overage_amount, event_count)
    select p_subscription, p_feature, usage_quarter(e.occurred_at), p_window_start, sum(e.amount), sum(e.overage_amount), count(*)
    from entries e where e.outcome = 'allowed' and not e.is_carried
    group by 3
    on conflict (subscription_id, feature_id, starts_at, window_start) do update set
      used_amount = s.used_amount + excluded.used_amount, overage_amount = s.overage_amount + excluded.overage_amount,
      event_count = s.event_count + excluded.event_count
  )
  select count(*) into v_read from entries;
  update feature_usage u set summed_until = v_until
  where u.subscription_id = p_subscription and u.feature_id = p_feature and u.window_start = p_window_start;
  return v_read;
end $$;
