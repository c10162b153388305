-- callers: functions
-- Decides requests one after the other, each seeing the result of the one before. For counters with extras.
--
-- All arrays have one entry per request of `consume_usage`; `p_is_in_turn` says which of them are decided here.
-- p_subscriptions: the customers' counters.
-- The caller found the obstacles and took the locks.
create or replace function consume_usage_in_turn(
  p_now timestamptz, p_is_in_turn boolean[], p_users text[], p_keys text[], p_amounts bigint[], p_at timestamptz[],
  p_subscriptions uuid[], p_features uuid[], p_obstacles text[], p_overages text[]
) returns table (
  ordinal integer, outcome text, reason text, repeated boolean, subscription_id uuid, used_amount bigint,
  quota_limit bigint, remaining bigint, window_start timestamptz, window_end timestamptz, alerted boolean
) language plpgsql as $$
#variable_conflict use_column
declare
  v_month date := date_trunc('month', p_now at time zone 'UTC')::date;
  e record;
  u feature_usage;
  d usage_decision;
begin
  for i in 1 .. cardinality(p_users) loop
    continue when not p_is_in_turn[i];
    ordinal := i; subscription_id := p_subscriptions[i]; outcome := 'refused'; reason := null; repeated := false;
    used_amount := null; quota_limit := null; remaining := null; window_start := null; window_end := null;
    alerted := false;
    select v.* into e from usage_events v
    where v.recorded_month in ((v_month - interval '1 month')::date, v_month, (v_month + interval '1 month')::date)
      and v.subscription_id = p_subscriptions[i] and v.idempotency_key = p_keys[i]
    limit 1;
    if found then
      if (e.feature_id, e.amount) is distinct from (p_features[i], p_amounts[i]) then
        reason := 'idempotency_key_reused';
      else
        select w.* into u from feature_usage w
        where w.subscription_id = e.subscription_id and w.feature_id = e.feature_id and w.window_start = e.window_start;
        outcome := e.outcome; reason := e.reason; repeated := true;
        used_amount := e.used_after; remaining := e.remaining_after;
        if remaining is not null then
          quota_limit := coalesce(e.limit_after, u.quota_limit);
        end if;
        window_start := u.window_start;
        window_end := coalesce(case when u.window_end = '9999-12-31T00:00:00Z' then u.stopped_end end, u.window_end);
      end if;
      return next;
      continue;
    end if;
    select w.* into u from feature_usage w
    where w.subscription_id = p_subscriptions[i] and w.feature_id = p_features[i]
      and w.window_start <= p_at[i] and p_at[i] < w.window_end
    order by w.window_start desc limit 1;
    reason := coalesce(p_obstacles[i], case when not found then 'window_missing' end);
    if reason is null then
      d := count_usage(p_now, p_at[i], p_users[i], u, p_keys[i], p_amounts[i], p_overages[i], 0);
      outcome := d.outcome; reason := d.reason; used_amount := d.used_amount; quota_limit := d.quota_limit;
      remaining := d.remaining; alerted := d.alerted; window_start := u.window_start; window_end := u.window_end;
    end if;
    return next;
  end loop;
end $$;
