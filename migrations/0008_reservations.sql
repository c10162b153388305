-- Holds: an amount that is set aside before it is used, then settled (for less or for more) or released. A hold counts
-- against its window until it is closed or its time is over; nothing need run for that, since usage_extras looks at the
-- clock. It is settled in the window in which it was made.

-- The subscription and feature that a user means, or why there is none; the same rule as consume_usage's.
create function resolve_usage(
  p_now timestamptz, p_user text, p_feature text,
  out subscription_id uuid, out feature_id uuid, out overage text, out obstacle text
) language sql stable as $$
  select s.id, f.id, pf.overage, case
      when s.id is null then 'no_subscription'
      when pf.feature_id is null then 'feature_not_in_plan'
      when f.type = 'boolean' then 'feature_not_countable'
      when s.access_until is null or s.access_until <= p_now then 'no_access'
    end
  from (values (1)) as one
  left join features f on f.code = p_feature
  left join subscriptions s on s.user_id = p_user and s.status not in ('canceled', 'incomplete_expired')
  left join plan_features pf on pf.plan_version_id = s.plan_version_id and pf.feature_id = f.id
  order by pf.feature_id is null
  limit 1
$$;

create type usage_hold as (
  outcome text, reason text, id uuid, amount bigint, state text, settled_amount bigint, expires_at timestamptz,
  used_amount bigint, quota_limit bigint, remaining bigint, subscription_id uuid, window_start timestamptz,
  window_end timestamptz
);

-- A reservation with its counter as it is at `p_now`.
create function show_usage_hold(p_now timestamptz, p_user text, r usage_reservations, p_reason text) returns usage_hold
language plpgsql stable as $$
declare
  u feature_usage;
  x record := usage_extras(p_now, p_user, r.subscription_id, r.feature_id, r.window_start);
  v_limit bigint;
begin
  select w.* into u from feature_usage w
  where w.subscription_id = r.subscription_id and w.feature_id = r.feature_id and w.window_start = r.window_start;
  v_limit := case when x.is_overridden then x.override_limit else u.quota_limit end;
  return (case when p_reason is null then 'allowed' else 'refused' end, p_reason, r.id, r.amount,
    case when r.state = 'held' and r.expires_at <= p_now then 'expired' else r.state end, r.settled_amount,
    r.expires_at, u.used_amount, v_limit, case when v_limit is not null then
      greatest(0, usage_own_left(u, v_limit) + x.granted_left - x.held_amount) end,
    u.subscription_id, u.window_start, u.window_end)::usage_hold;
end $$;

-- Sets an amount aside if it fits. The same key answers the same reservation.
create function hold_usage(
  p_now timestamptz, p_user text, p_feature text, p_key text, p_id uuid, p_amount bigint, p_expires_at timestamptz
) returns usage_hold language plpgsql as $$
declare
  w record := resolve_usage(p_now, p_user, p_feature);
  u feature_usage;
  x record;
  r usage_reservations;
  v_limit bigint;
  v_reason text := w.obstacle;
begin
  if v_reason is null then
    select v.* into u from feature_usage v
    where v.subscription_id = w.subscription_id and v.feature_id = w.feature_id
      and v.window_start <= p_now and p_now < v.window_end
    order by v.window_start desc limit 1 for update;
    if not found then
      v_reason := 'window_missing';
    end if;
  end if;
  -- After the lock: a call with the same key that was under way is over.
  select v.* into r from usage_reservations v where v.subscription_id = w.subscription_id and v.idempotency_key = p_key;
  if found then
    return show_usage_hold(p_now, p_user, r, case
      when (r.feature_id, r.amount) is distinct from (w.feature_id, p_amount) then 'idempotency_key_reused' end);
  end if;
  if v_reason is null then
    -- A grant counts as left only while nobody else takes it.
    perform from usage_grants g where g.user_id = p_user and g.feature_id = u.feature_id order by g.id for update;
    x := usage_extras(p_now, p_user, u.subscription_id, u.feature_id, u.window_start);
    v_limit := case when x.is_overridden then x.override_limit else u.quota_limit end;
    if w.overage = 'refuse' and p_amount > usage_own_left(u, v_limit) + x.granted_left - x.held_amount then
      v_reason := 'quota_exceeded';
      return ('refused', v_reason, null, p_amount, null, null, null, u.used_amount, v_limit,
        greatest(0, usage_own_left(u, v_limit) + x.granted_left - x.held_amount), u.subscription_id, u.window_start,
        u.window_end)::usage_hold;
    end if;
  end if;
  if v_reason is not null then
    return ('refused', v_reason, null, p_amount, null, null, null, null, null, null, w.subscription_id, null,
      null)::usage_hold;
  end if;
  insert into usage_reservations (id, subscription_id, feature_id, window_start, idempotency_key, amount, expires_at,
    created_at)
  values (p_id, u.subscription_id, u.feature_id, u.window_start, p_key, p_amount, p_expires_at, p_now)
  returning * into r;
  update feature_usage v set has_extras = true
  where v.subscription_id = u.subscription_id and v.feature_id = u.feature_id and v.window_start = u.window_start
    and not v.has_extras;
  return show_usage_hold(p_now, p_user, r, null);
end $$;

-- Ends a hold: zero releases it, any other amount is counted. Up to what was held always fits; more must fit like any
-- usage, or nothing changes. Repeated, it answers the same; a hold that was ended otherwise stays as it is.
create function settle_usage(p_now timestamptz, p_user text, p_id uuid, p_amount bigint) returns usage_hold
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
  -- After the lock: another call may have ended it meanwhile.
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
    select pf.overage into v_overage from subscriptions s
    join plan_features pf on pf.plan_version_id = s.plan_version_id and pf.feature_id = r.feature_id
    where s.id = r.subscription_id;
    d := count_usage(p_now, r.created_at, p_user, u, 'reservation/' || r.id, p_amount, coalesce(v_overage, 'refuse'),
      r.amount);
    if d.outcome = 'refused' then
      -- A refusal is no answer for ever: less may still be settled under this id.
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
