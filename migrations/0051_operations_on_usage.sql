-- What is asked of usage beside consume_usage, hold_usage and settle_usage, as named functions: the same for the native
-- repositories and for those of Supabase. Those that are one query are inlined into the statement that asks.

-- Where each counted feature stands, without a lock: its window if it is open, or else as it would open.
create function usage_standings(
  p_now timestamptz, p_user text, p_subscription uuid, p_features uuid[], p_starts timestamptz[], p_ends timestamptz[],
  p_limits bigint[]
) returns table (
  feature_id uuid, is_open boolean, used_amount bigint, quota_limit bigint, rolled_over bigint, granted_left bigint,
  held_amount bigint, overage_amount bigint, window_start timestamptz, window_end timestamptz, remaining bigint
) language sql stable as $$
  select w.feature_id, u.window_start is not null, coalesce(u.used_amount, 0), l.quota_limit,
    coalesce(u.rolled_in_amount - u.rolled_out_amount, 0), x.granted_left, x.held_amount, coalesce(u.overage_amount, 0),
    coalesce(u.window_start, b.ended, w.window_start), coalesce(u.window_end, w.window_end),
    case when l.quota_limit is not null then greatest(0, x.granted_left - x.held_amount
      + case when u.window_start is null then l.quota_limit else usage_own_left(u.counter, l.quota_limit) end) end
  from unnest(p_features, p_starts, p_ends, p_limits) as w(feature_id, window_start, window_end, quota_limit)
  left join lateral (
    select c as counter, c.* from feature_usage c
    where c.subscription_id = p_subscription and c.feature_id = w.feature_id
      and c.window_start <= p_now and p_now < c.window_end
    order by c.window_start desc limit 1
  ) u on true
  -- A window begins no sooner than the one before it ended.
  left join lateral (
    select max(e.window_end) as ended from feature_usage e
    where e.subscription_id = p_subscription and e.feature_id = w.feature_id
      and e.window_end > w.window_start and e.window_end <= p_now
  ) b on u.window_start is null
  cross join lateral usage_extras(p_now, p_user, p_subscription, w.feature_id,
    coalesce(u.window_start, b.ended, w.window_start)) x
  cross join lateral (
    select case when x.is_overridden then x.override_limit when u.window_start is null then w.quota_limit
      else u.quota_limit end as quota_limit
  ) l
$$;

-- A user's ledger of one feature by buckets of time, over all subscriptions that the user ever had; buckets in which nothing
-- happened are there. Events lie in the month in which they were accepted, at most a month after they occurred.
create function usage_history(
  p_user text, p_feature text, p_from timestamptz, p_to timestamptz, p_bucket text, p_time_zone text
) returns table (
  starts_at timestamptz, ends_at timestamptz, used_amount bigint, overage_amount bigint, event_count bigint
) language sql stable as $$
  with buckets as (
    select g as wall, g at time zone p_time_zone as starts_at,
      (g + ('1 ' || p_bucket)::interval) at time zone p_time_zone as ends_at
    from generate_series(date_trunc(p_bucket, p_from at time zone p_time_zone),
      (p_to - interval '1 millisecond') at time zone p_time_zone, ('1 ' || p_bucket)::interval) as g
  ), bounds as (
    select min(b.starts_at) as first, max(b.ends_at) as last from buckets b
  ), used as (
    select date_trunc(p_bucket, e.occurred_at at time zone p_time_zone) as wall, sum(e.amount)::bigint as used_amount,
      sum(e.overage_amount)::bigint as overage_amount, count(*) as event_count
    from subscriptions s
    join features f on f.code = p_feature
    cross join bounds b
    join usage_events e on usage_counter(e.subscription_id, e.feature_id) = usage_counter(s.id, f.id)
      and e.subscription_id = s.id and e.feature_id = f.id
      and e.occurred_at >= b.first and e.occurred_at < b.last
    where s.user_id = p_user and e.outcome = 'allowed' and not e.is_carried
      and e.recorded_month >= (date_trunc('month', p_from - interval '2 months'))::date
      and e.recorded_month <= (p_to + interval '3 months')::date
    group by 1
  )
  select b.starts_at, b.ends_at, coalesce(u.used_amount, 0), coalesce(u.overage_amount, 0), coalesce(u.event_count, 0)
  from buckets b left join used u using (wall)
  order by b.starts_at
$$;

-- The subscription that a question is about: of several product lines, the one that has the feature.
create function find_subscription_for_usage(p_user text, p_feature text) returns setof subscriptions
language sql stable as $$
  select s.* from subscriptions s
  left join features f on f.code = p_feature
  left join plan_features pf on pf.plan_version_id = s.plan_version_id and pf.feature_id = f.id
  where s.user_id = p_user and s.status not in ('canceled', 'incomplete_expired')
  order by pf.feature_id is null
  limit 1
$$;

-- The subscriptions of alerts that are due to be told; each alert is due again after 1, 2, 4 … up to 60 seconds: telling
-- twice costs a signal, and an outage may last.
create function claim_usage_alerts(p_now timestamptz, p_limit integer) returns table (subscription_id uuid)
language sql set search_path = public, pg_temp as $$
  with due as (
    select a.subscription_id, a.feature_id, a.window_start, a.threshold from usage_alerts a
    where a.state = 'pending' and a.due_at <= p_now order by a.due_at limit p_limit for update skip locked
  ), claimed as (
    update usage_alerts a set attempts = a.attempts + 1,
      due_at = p_now + least(60, 2 ^ least(a.attempts, 10)) * interval '1 second'
    from due d
    where (a.subscription_id, a.feature_id, a.window_start, a.threshold)
      = (d.subscription_id, d.feature_id, d.window_start, d.threshold)
    returning a.subscription_id
  )
  select distinct c.subscription_id from claimed c
$$;

create function list_usage_alerts(p_subscription uuid, p_limit integer) returns table (
  subscription_id uuid, feature_id uuid, code text, name text, window_start timestamptz, window_end timestamptz,
  threshold integer, used_amount bigint, quota_limit bigint
) language sql stable set search_path = public, pg_temp as $$
  select a.subscription_id, a.feature_id, f.code, f.name, a.window_start, u.window_end, a.threshold, a.used_amount,
    a.quota_limit
  from usage_alerts a
  join features f on f.id = a.feature_id
  join feature_usage u using (subscription_id, feature_id, window_start)
  where a.subscription_id = p_subscription and a.state = 'pending'
  order by a.crossed_at, a.feature_id, a.window_start, a.threshold
  limit p_limit
$$;

create function skip_usage_alerts(p_subscription uuid, p_reason text) returns void
language sql set search_path = public, pg_temp as $$
  update usage_alerts set state = 'skipped', last_error = p_reason
  where subscription_id = p_subscription and state = 'pending'
$$;

-- Takes reports that are to be sent, each until `p_until` for the caller alone. The attempt is counted before it is made;
-- `first_attempt_at` is as it was before.
create function claim_overage_reports(p_now timestamptz, p_until timestamptz, p_limit integer) returns table (
  subscription_id uuid, feature_id uuid, window_start timestamptz, sequence integer, amount bigint,
  occurred_at timestamptz, attempts integer, first_attempt_at timestamptz, stripe_customer_id text, event_name text
) language sql set search_path = public, pg_temp as $$
  with due as (
    select r.subscription_id, r.feature_id, r.window_start, r.sequence from usage_overage_reports r
    where r.state = 'pending' and r.due_at <= p_now order by r.due_at limit p_limit for update skip locked
  ), before as (
    select r.* from usage_overage_reports r join due using (subscription_id, feature_id, window_start, sequence)
  ), claimed as (
    update usage_overage_reports r set attempts = r.attempts + 1, due_at = p_until,
      first_attempt_at = coalesce(r.first_attempt_at, case when c.stripe_customer_id is not null then p_now end)
    from before b
    join subscriptions s on s.id = b.subscription_id
    join customers c on c.user_id = s.user_id
    where (r.subscription_id, r.feature_id, r.window_start, r.sequence)
      = (b.subscription_id, b.feature_id, b.window_start, b.sequence)
    returning r.*, c.stripe_customer_id, b.first_attempt_at as attempted_before
  )
  select d.subscription_id, d.feature_id, d.window_start, d.sequence, d.amount, d.occurred_at, d.attempts,
    d.attempted_before, d.stripe_customer_id, coalesce(f.meter_event_name, f.code)
  from claimed d join features f on f.id = d.feature_id
  order by d.occurred_at, d.sequence
$$;

-- What became of a report that was claimed: `p_state` says it. One that is not pending any more stays as it is.
create function end_overage_attempt(
  p_subscription uuid, p_feature uuid, p_start timestamptz, p_sequence integer, p_state text, p_at timestamptz, p_error text
) returns void language sql set search_path = public, pg_temp as $$
  update usage_overage_reports set state = p_state, last_error = p_error,
    reported_at = case when p_state = 'reported' then p_at end,
    due_at = case when p_state = 'pending' then p_at else due_at end
  where subscription_id = p_subscription and feature_id = p_feature and window_start = p_start
    and sequence = p_sequence and state = 'pending'
$$;

-- Windows whose billed overage no report tells yet. The instant is given to the microsecond, to be handed back as it is.
create function list_overage_due(p_limit integer)
returns table (subscription_id uuid, feature_id uuid, starts text)
language sql stable set search_path = public, pg_temp as $$
  select d.subscription_id, d.feature_id, d.window_start::text from usage_overage_due d limit p_limit
$$;

-- An instant as JavaScript writes it, for what is kept as JSON.
create function json_instant(p_at timestamptz) returns text language sql stable as $$
  select to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;

create function usage_grant_as_json(g usage_grants) returns jsonb language sql stable as $$
  select jsonb_build_object('id', g.id, 'userId', g.user_id, 'feature', f.code, 'amount', g.amount,
    'usedAmount', g.used_amount, 'expiresAt', json_instant(g.expires_at), 'reason', g.reason,
    'createdAt', json_instant(g.created_at), 'revokedAt', json_instant(g.revoked_at))
  from features f where f.id = g.feature_id
$$;

create function usage_override_as_json(o usage_overrides) returns jsonb language sql stable as $$
  select jsonb_build_object('userId', o.user_id, 'feature', f.code, 'quotaLimit', o.quota_limit,
    'expiresAt', json_instant(o.expires_at), 'reason', o.reason, 'createdAt', json_instant(o.created_at))
  from features f where f.id = o.feature_id
$$;

-- Finds user and feature, and marks the windows that are open: from now on more than their own row counts. The
-- subscriptions are held until the end of the transaction, so that no window opens in between and misses the mark; with no
-- stronger a lock, because a hold refers to its subscription after it locked its window.
create function prepare_usage_extra(
  p_user text, p_feature text, p_now timestamptz, out feature_id uuid, out refusal text
) language plpgsql set search_path = public, pg_temp as $$
declare
  v_type text;
begin
  if not exists (select from customers c where c.user_id = p_user) then
    refusal := 'user_not_found';
    return;
  end if;
  select f.id, f.type into feature_id, v_type from features f where f.code = p_feature;
  if not found then
    refusal := 'feature_not_found';
    return;
  elsif v_type = 'boolean' then
    refusal := 'feature_not_countable';
    return;
  end if;
  perform from subscriptions s where s.user_id = p_user order by s.id for no key update;
  update feature_usage u set has_extras = true, alert_at = 0
  from (
    select w.subscription_id, w.feature_id, w.window_start from feature_usage w
    join subscriptions s on s.id = w.subscription_id
    where s.user_id = p_user and w.feature_id = prepare_usage_extra.feature_id and w.window_end > p_now
    order by w.subscription_id, w.window_start for update of w
  ) w
  where u.subscription_id = w.subscription_id and u.feature_id = w.feature_id and u.window_start = w.window_start;
end $$;

-- Grants once per id; the repeat answers the grant as it is now.
create function grant_usage(
  p_id uuid, p_user text, p_feature text, p_amount bigint, p_expires_at timestamptz, p_reason text, p_now timestamptz,
  p_key uuid
) returns jsonb language plpgsql set search_path = public, pg_temp as $$
declare
  v_found record := prepare_usage_extra(p_user, p_feature, p_now);
  g usage_grants;
begin
  if v_found.refusal is not null then
    return jsonb_build_object('kind', 'refused', 'because', v_found.refusal);
  end if;
  insert into usage_grants (id, user_id, feature_id, amount, expires_at, reason, created_at)
  values (p_id, p_user, v_found.feature_id, p_amount, p_expires_at, p_reason, p_now)
  on conflict (id) do nothing
  returning * into g;
  if found then
    insert into operator_actions (at, key_id, action, user_id, before, after)
    values (p_now, p_key, 'grant', p_user, null, usage_grant_as_json(g));
  else
    select w.* into g from usage_grants w where w.id = p_id;
  end if;
  return jsonb_build_object('kind', 'granted', 'grant', usage_grant_as_json(g));
end $$;

-- Takes away what is left; null when there is no such grant.
create function revoke_usage_grant(p_id uuid, p_now timestamptz, p_key uuid) returns jsonb
language plpgsql set search_path = public, pg_temp as $$
declare
  v_before usage_grants;
  v_after usage_grants;
begin
  select g.* into v_before from usage_grants g where g.id = p_id for update;
  if not found then
    return null;
  elsif v_before.revoked_at is not null then
    return usage_grant_as_json(v_before);
  end if;
  update usage_grants g set revoked_at = p_now where g.id = p_id returning g.* into v_after;
  insert into operator_actions (at, key_id, action, user_id, before, after)
  values (p_now, p_key, 'revoke_grant', v_after.user_id, usage_grant_as_json(v_before), usage_grant_as_json(v_after));
  return usage_grant_as_json(v_after);
end $$;

create function set_usage_override(
  p_user text, p_feature text, p_limit bigint, p_expires_at timestamptz, p_reason text, p_now timestamptz, p_key uuid
) returns jsonb language plpgsql set search_path = public, pg_temp as $$
declare
  v_found record := prepare_usage_extra(p_user, p_feature, p_now);
  v_before jsonb;
  v_after usage_overrides;
begin
  if v_found.refusal is not null then
    return jsonb_build_object('kind', 'refused', 'because', v_found.refusal);
  end if;
  select usage_override_as_json(o) into v_before from usage_overrides o
  where o.user_id = p_user and o.feature_id = v_found.feature_id;
  insert into usage_overrides (user_id, feature_id, quota_limit, expires_at, reason, created_at)
  values (p_user, v_found.feature_id, p_limit, p_expires_at, p_reason, p_now)
  on conflict (user_id, feature_id) do update set quota_limit = excluded.quota_limit, expires_at = excluded.expires_at,
    reason = excluded.reason, created_at = excluded.created_at
  returning * into v_after;
  insert into operator_actions (at, key_id, action, user_id, before, after)
  values (p_now, p_key, 'set_override', p_user, v_before, usage_override_as_json(v_after));
  return jsonb_build_object('kind', 'set', 'override', usage_override_as_json(v_after));
end $$;

-- Back to the plan's limit; null when there was none.
create function remove_usage_override(p_user text, p_feature text, p_now timestamptz, p_key uuid) returns jsonb
language plpgsql set search_path = public, pg_temp as $$
declare
  v_found record := prepare_usage_extra(p_user, p_feature, p_now);
  v_before usage_overrides;
begin
  delete from usage_overrides o where o.user_id = p_user and o.feature_id = v_found.feature_id and v_found.refusal is null
  returning o.* into v_before;
  if not found then
    return null;
  end if;
  insert into operator_actions (at, key_id, action, user_id, before, after)
  values (p_now, p_key, 'remove_override', p_user, usage_override_as_json(v_before), null);
  return usage_override_as_json(v_before);
end $$;

-- The newest first; null matters not.
create function list_usage_grants(p_user text, p_feature text, p_limit integer) returns setof jsonb
language sql stable set search_path = public, pg_temp as $$
  select usage_grant_as_json(g) from usage_grants g join features f on f.id = g.feature_id
  where (p_user is null or g.user_id = p_user) and (p_feature is null or f.code = p_feature)
  order by g.created_at desc, g.id
  limit p_limit
$$;

create function list_usage_overrides(p_user text) returns setof jsonb
language sql stable set search_path = public, pg_temp as $$
  select usage_override_as_json(o) from usage_overrides o join features f on f.id = o.feature_id
  where o.user_id = p_user
  order by f.code
$$;

-- What operators did to a user, the newest first.
create function list_operator_actions(p_user text, p_limit integer) returns setof operator_actions
language sql stable set search_path = public, pg_temp as $$
  select a.* from operator_actions a where a.user_id = p_user order by a.id desc limit p_limit
$$;

-- Makes the partitions of the coming months and drops those that are too old (null: none), and answers their names; null when
-- another process is at it. Usage waits while they come and go, so better give up after a second and try again.
-- Its owner's rights: a partition can only be dropped by who owns it.
create function tidy_usage_partitions(p_now timestamptz, p_before timestamptz) returns text[]
language plpgsql security definer set search_path = public, pg_temp set lock_timeout = '1s' as $$
begin
  -- Any number, the same in all processes: whoever holds it tidies, the others have nothing to do.
  if not pg_try_advisory_xact_lock(5318008002) then
    return null;
  end if;
  perform ensure_usage_partitions(p_now);
  if p_before is null then
    return '{}';
  end if;
  return array(select drop_usage_partitions(p_now, p_before));
end $$;

-- Each lets go of at most `p_limit` of what is older, so that none holds others up for long, and answers how many.
create function forget_idempotency_keys(p_before timestamptz, p_limit integer) returns bigint
language sql set search_path = public, pg_temp as $$
  with gone as (
    delete from idempotency_keys where (caller, key) in (
      select k.caller, k.key from idempotency_keys k where k.created_at < p_before limit p_limit)
    returning 1
  )
  select count(*) from gone
$$;

create function forget_stripe_payloads(p_before timestamptz, p_limit integer) returns bigint
language sql set search_path = public, pg_temp as $$
  with emptied as (
    update stripe_events set payload = null where (account, livemode, event_id) in (
      select e.account, e.livemode, e.event_id from stripe_events e
      where e.payload is not null and e.state in ('done', 'parked') and e.received_at < p_before
      limit p_limit)
    returning 1
  )
  select count(*) from emptied
$$;
