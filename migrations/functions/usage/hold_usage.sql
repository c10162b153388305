-- Reserves an amount if it fits. The same key returns the same reservation.
--
-- It counts against its window until it is settled, released or expired.
-- p_expires_at: from then on it does not count.
-- Locks the window, then the user's grants.
create or replace function hold_usage(
  p_now timestamptz, p_user text, p_feature text, p_key text, p_id uuid, p_amount bigint, p_expires_at timestamptz
) returns usage_hold language plpgsql as $$
declare
  w record := resolve_usage(p_now, p_user, p_feature);
  v_home uuid;
  u feature_usage;
  x record;
  r usage_reservations;
  v_limit bigint;
  v_left bigint;
  v_reason text := w.obstacle;
begin
  select coalesce(s.usage_home, c.usage_home) into v_home from customers c
  left join subscriptions s on s.id = w.subscription_id
  where c.user_id = p_user;
  if v_reason is null then
    select v.* into u from feature_usage v
    where v.subscription_id = v_home and v.feature_id = w.feature_id
      and v.window_start <= p_now and p_now < v.window_end
    order by v.window_start desc limit 1 for update;
    if not found then
      v_reason := 'window_missing';
    end if;
  end if;
  -- Read after the lock, which waited for a concurrent call with the same key.
  select v.* into r from usage_reservations v where v.subscription_id = v_home and v.idempotency_key = p_key;
  if found then
    return show_usage_hold(p_now, p_user, r, case
      when (r.feature_id, r.amount) is distinct from (w.feature_id, p_amount) then 'idempotency_key_reused' end);
  end if;
  if v_reason is null then
    -- Locked, so that no other call uses what this one counts as left.
    perform from usage_grants g where g.user_id = p_user and g.feature_id = u.feature_id order by g.id for update;
    x := usage_extras(p_now, p_user, u.subscription_id, u.feature_id, u.window_start);
    v_limit := case when x.is_overridden then x.override_limit else u.quota_limit end;
    v_left := usage_left(usage_own_left(u, v_limit), x.granted_left, x.held_amount);
    if w.overage = 'refuse' and p_amount > v_left then
      v_reason := 'quota_exceeded';
      return ('refused', v_reason, null, p_amount, null, null, null, u.used_amount, v_limit, v_left,
        u.subscription_id, u.window_start, u.window_end)::usage_hold;
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
