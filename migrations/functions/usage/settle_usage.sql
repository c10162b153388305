-- callers: functions
-- Only the release before calls it; this one calls `settle_reservation`.
--
-- Ends a reservation: zero releases it, any other amount is counted in the window in which it was made.
--
-- Up to the reserved amount always fits; more must fit like any usage, or nothing changes.
-- Running it twice answers the same; a reservation that ended with another amount stays as it is
-- (`reservation_closed`).
-- Locks the window, then the user's grants.
create or replace function settle_usage(p_now timestamptz, p_user text, p_id uuid, p_amount bigint) returns usage_hold
language plpgsql as $$
declare
  r usage_reservations;
  u feature_usage;
  d usage_decision;
  v_overage text;
begin
  select v.* into r from usage_reservations v
  join subscriptions s on s.id = v.subscription_id
  where v.id = p_id and s.user_id = p_user;
  if not found then
    return ('refused', 'reservation_not_found', p_id, null, null, null, null, null, null, null, null, null,
      null)::usage_hold;
  end if;
  select v.* into u from feature_usage v
  where v.subscription_id = r.subscription_id and v.feature_id = r.feature_id and v.window_start = r.window_start
  for update;
  -- Read again after the lock: another call may have ended it.
  select v.* into r from usage_reservations v where v.id = p_id;
  if r.state = 'held' and r.expires_at <= p_now then
    return show_usage_hold(p_now, p_user, r, case when p_amount > 0 then 'reservation_expired' end);
  end if;
  if r.state <> 'held' then
    return show_usage_hold(p_now, p_user, r, case
      when coalesce(r.settled_amount, 0) <> p_amount then 'reservation_closed' end);
  end if;
  if p_amount > 0 then
    perform from usage_grants g where g.user_id = p_user and g.feature_id = r.feature_id order by g.id for update;
    select pf.overage into v_overage from usage_plan_feature(r.subscription_id, r.feature_id) pf;
    d := count_usage(p_now, r.created_at, p_user, u, 'reservation/' || r.id, p_amount, coalesce(v_overage, 'refuse'),
      r.amount);
    if d.outcome = 'refused' then
      -- This refusal must not be remembered: a smaller amount may still be settled.
      delete from usage_events e
      where e.subscription_id = r.subscription_id and e.idempotency_key = 'reservation/' || r.id
        and e.recorded_month = date_trunc('month', p_now at time zone 'UTC')::date;
      return show_usage_hold(p_now, p_user, r, d.reason);
    end if;
  end if;
  update usage_reservations v set state = case when p_amount > 0 then 'settled' else 'released' end,
    settled_amount = case when p_amount > 0 then p_amount end, closed_at = p_now
  where v.id = p_id
  returning v.* into r;
  return show_usage_hold(p_now, p_user, r, null);
end $$;
