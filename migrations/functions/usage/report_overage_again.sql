-- never null: all
-- Puts units that Stripe's meter has lost into reports of their own, to be sent now. The sum of a window's reports stays the
-- same: what is sent again is taken out of the reports that Stripe confirmed, the latest first.
--
-- p_reported: the sum of confirmed reports of the span, as the meter was compared with it. Does nothing if it is another by now:
-- then another process has done it, or usage was released.
-- Returns whether the units are in reports now. Running it twice sends them once.
-- Locks the windows in the order of `consume_usage`, as `cut_overage_report` does.
create or replace function report_overage_again(
  p_now timestamptz, p_counter uuid, p_feature uuid, p_from timestamptz, p_until timestamptz, p_reported bigint,
  p_missing bigint
) returns boolean language plpgsql set search_path = public, pg_temp as $$
declare
  v_left bigint := p_missing;
  v_part bigint;
  v_next integer;
  r usage_overage_reports;
begin
  perform from feature_usage u
  where u.subscription_id = p_counter and u.feature_id = p_feature and u.window_end > p_from
    and u.window_start < p_until
  order by u.window_start for update;
  if p_missing <= 0 or p_reported is distinct from (
    select sum(s.amount) from usage_overage_reports s
    where s.subscription_id = p_counter and s.feature_id = p_feature and s.state = 'reported'
      and s.occurred_at >= p_from and s.occurred_at < p_until
  ) then
    return false;
  end if;
  for r in
    select s.* from usage_overage_reports s
    where s.subscription_id = p_counter and s.feature_id = p_feature and s.state = 'reported' and s.amount > 0
      and s.occurred_at >= p_from and s.occurred_at < p_until
    order by s.occurred_at desc, s.window_start desc, s.sequence desc
    for update
  loop
    exit when v_left = 0;
    v_part := least(v_left, r.amount);
    v_left := v_left - v_part;
    select max(s.sequence) + 1 into v_next from usage_overage_reports s
    where (s.subscription_id, s.feature_id, s.window_start) = (p_counter, p_feature, r.window_start);
    insert into usage_overage_reports (subscription_id, feature_id, window_start, sequence, amount, occurred_at, due_at,
      created_at)
    values (p_counter, p_feature, r.window_start, v_next, v_part, p_now, p_now, p_now);
    if v_part = r.amount then
      delete from usage_overage_reports s where (s.subscription_id, s.feature_id, s.window_start, s.sequence)
        = (r.subscription_id, r.feature_id, r.window_start, r.sequence);
    else
      update usage_overage_reports s set amount = r.amount - v_part
      where (s.subscription_id, s.feature_id, s.window_start, s.sequence)
        = (r.subscription_id, r.feature_id, r.window_start, r.sequence);
    end if;
  end loop;
  return true;
end $$;
