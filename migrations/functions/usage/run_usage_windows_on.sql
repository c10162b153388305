-- callers: functions
-- Lets the windows that a pause stopped continue: each ends later by the time that it stood still.
--
-- Months differ in length, so a moved window may end shortly before a boundary of the moved calendar. It then ends at that
-- boundary: otherwise the few days between would be a window with a quota of its own.
--
-- p_windows: the windows of the calendar that hold `p_now`.
-- Running it twice moves nothing more.
-- Locks windows in the order of `consume_usage`.
create or replace function run_usage_windows_on(p_home uuid, p_now timestamptz, p_stood_still interval, p_windows jsonb)
returns void language sql as $$
  with stopped as materialized (
    select u.feature_id, u.window_start, u.stopped_end + p_stood_still as moved_end from feature_usage u
    where u.subscription_id = p_home and u.stopped_end is not null and u.window_end = '9999-12-31T00:00:00Z'
    order by u.feature_id, u.window_start
    for update of u
  )
  update feature_usage u set window_end = coalesce((
    select w.ends from jsonb_to_recordset(p_windows) as w(feature_id uuid, starts timestamptz, ends timestamptz)
    where w.feature_id = s.feature_id and w.starts <= p_now and p_now < w.ends
      and w.ends > s.moved_end and w.ends - s.moved_end < (w.ends - w.starts) / 4
  ), s.moved_end)
  from stopped s
  where u.subscription_id = p_home and u.feature_id = s.feature_id and u.window_start = s.window_start
$$;
