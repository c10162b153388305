-- never null: all
-- Turns the change of a window's billed overage since the last report into a report for Stripe's meter.
-- Returns whether there was one.
--
-- Locks the window first, as `consume_usage` does, so usage counted meanwhile is due again afterwards.
-- Running it twice finds nothing left.
create or replace function cut_overage_report(p_now timestamptz, p_subscription uuid, p_feature uuid, p_start timestamptz)
returns boolean language plpgsql as $$
declare
  u feature_usage;
begin
  select w.* into u from feature_usage w
  where w.subscription_id = p_subscription and w.feature_id = p_feature and w.window_start = p_start for update;
  delete from usage_overage_due d
  where d.subscription_id = p_subscription and d.feature_id = p_feature and d.window_start = p_start;
  if u.subscription_id is null or u.billed_amount = u.reported_amount then
    return false;
  end if;
  insert into usage_overage_reports (subscription_id, feature_id, window_start, sequence, amount, occurred_at, due_at,
    created_at)
  select p_subscription, p_feature, p_start, coalesce(max(r.sequence), 0) + 1, u.billed_amount - u.reported_amount,
    -- Within the window, so that Stripe charges it in the period of the usage.
    greatest(u.window_start, least(p_now, u.window_end - interval '1 second')), p_now, p_now
  from usage_overage_reports r
  where r.subscription_id = p_subscription and r.feature_id = p_feature and r.window_start = p_start;
  update feature_usage w set reported_amount = u.billed_amount
  where w.subscription_id = p_subscription and w.feature_id = p_feature and w.window_start = p_start;
  return true;
end $$;
