-- never null: outcome
-- Ends a reservation: zero releases it, any other amount is counted in the window in which it was made.
--
-- Up to the reserved amount always fits. More is decided by the policy: `strict` must fit like any usage, or nothing changes.
-- `overflow` is counted in any case, because the work is done: the part beyond the limit and all grants is overage of the
-- window, billed where the plan says so. Held features (seats) are always strict: they are no work that was done.
-- p_policy: the policy where the plan has none of its own.
-- overage_amount: the part that is overage; a repeat answers the same.
-- Running it twice answers the same; a reservation that ended with another amount stays as it is
-- (`reservation_closed`).
-- Locks the window, then the user's grants.
create or replace function settle_reservation(
  p_now timestamptz, p_user text, p_id uuid, p_amount bigint, p_policy text
) returns table (
  outcome text, reason text, id uuid, amount bigint, state text, settled_amount bigint, expires_at timestamptz,
  used_amount bigint, quota_limit bigint, remaining bigint, subscription_id uuid, window_start timestamptz,
  window_end timestamptz, overage_amount bigint
) language plpgsql as $$
#variable_conflict use_column
declare
  r usage_reservations;
  u feature_usage;
  d usage_decision;
  v_reason text;
  v_rule text;
begin
  select v.* into r from usage_reservations v
  join subscriptions s on s.id = v.subscription_id
  where v.id = p_id and s.user_id = p_user;
  if not found then
    return query select 'refused', 'reservation_not_found', p_id, null::bigint, null, null::bigint, null::timestamptz,
      null::bigint, null::bigint, null::bigint, null::uuid, null::timestamptz, null::timestamptz, null::bigint;
    return;
  end if;
  select v.* into u from feature_usage v
  where v.subscription_id = r.subscription_id and v.feature_id = r.feature_id and v.window_start = r.window_start
  for update;
  -- Read again after the lock: another call may have ended it.
  select v.* into r from usage_reservations v where v.id = p_id;
  if r.state = 'held' and r.expires_at <= p_now then
    v_reason := case when p_amount > 0 then 'reservation_expired' end;
  elsif r.state <> 'held' then
    v_reason := case when coalesce(r.settled_amount, 0) <> p_amount then 'reservation_closed' end;
  else
    if p_amount > 0 then
      perform from usage_grants g where g.user_id = p_user and g.feature_id = r.feature_id order by g.id for update;
      select case
        when coalesce(pf.overage, 'refuse') <> 'refuse' then pf.overage
        when f.type <> 'allocated' and coalesce(pf.settle, p_policy) = 'overflow' then 'allow'
        else 'refuse' end
      into v_rule from features f left join usage_plan_feature(r.subscription_id, r.feature_id) pf on true
      where f.id = r.feature_id;
      d := count_usage(p_now, r.created_at, p_user, u, 'reservation/' || r.id, p_amount, v_rule, r.amount);
    end if;
    if d.outcome = 'refused' then
      v_reason := d.reason;
      -- This refusal must not be remembered: a smaller amount may still be settled.
      delete from usage_events e
      where e.subscription_id = r.subscription_id and e.idempotency_key = 'reservation/' || r.id
        and e.recorded_month = date_trunc('month', p_now at time zone 'UTC')::date;
    else
      update usage_reservations v set state = case when p_amount > 0 then 'settled' else 'released' end,
        settled_amount = case when p_amount > 0 then p_amount end, closed_at = p_now,
        overage_amount = coalesce((select e.overage_amount from usage_events e
          where e.subscription_id = v.subscription_id and e.idempotency_key = 'reservation/' || v.id
            and e.recorded_month = date_trunc('month', p_now at time zone 'UTC')::date), 0)
      where v.id = p_id
      returning v.* into r;
    end if;
  end if;
  return query select h.*, r.overage_amount from show_usage_hold(p_now, p_user, r, v_reason) h;
end $$;
