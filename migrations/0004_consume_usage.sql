-- consume_usage: decides, counts and records any number of usage events in one atomic statement.
--
-- A request that does not fit into its quota is refused; later, smaller ones that fit are accepted, in the order given.
-- The counters are locked first, in key order (two processes cannot deadlock), and read afterwards by a later
-- statement, whose snapshot sees all that the lock waited for. That makes the limit exact and a repeated key visible.
-- Refusals that concern no counter (no subscription, unknown feature) leave no row: asking again may be answered otherwise.

create function consume_usage(
  p_now timestamptz, p_users text[], p_features text[], p_keys text[], p_amounts bigint[]
) returns table (
  ordinal integer, outcome text, reason text, repeated boolean, subscription_id uuid,
  used_amount bigint, quota_limit bigint, window_start timestamptz, window_end timestamptz
) language plpgsql as $$
#variable_conflict use_column
declare
  v_month date := date_trunc('month', p_now at time zone 'UTC')::date;
  v_request record;
  v_counter text := '';      -- the counter that the loop is at; requests arrive grouped by it
  v_used bigint;
  v_outcome text;
  v_reason text;
  v_repeated boolean;
  v_after bigint;
  -- One entry per request that touched a counter, all arrays in step.
  o_ordinal integer[] := '{}'; o_outcome text[] := '{}'; o_reason text[] := '{}'; o_repeated boolean[] := '{}';
  o_subscription uuid[] := '{}'; o_feature uuid[] := '{}'; o_start timestamptz[] := '{}'; o_end timestamptz[] := '{}';
  o_limit bigint[] := '{}'; o_after bigint[] := '{}'; o_key text[] := '{}'; o_amount bigint[] := '{}';
begin
  perform from feature_usage u
  join (
    select distinct s.id as subscription_id, f.id as feature_id
    from unnest(p_users, p_features) as i(user_id, feature)
    join subscriptions s on s.user_id = i.user_id and s.status not in ('canceled', 'incomplete_expired')
    join features f on f.code = i.feature
  ) c on c.subscription_id = u.subscription_id and c.feature_id = u.feature_id
  where u.window_start <= p_now and p_now < u.window_end
  order by u.subscription_id, u.feature_id, u.window_start
  for update of u;

  for v_request in
    with input as (
      select i.ordinality::integer as ordinal, i.user_id, i.feature, i.key, i.amount
      from unnest(p_users, p_features, p_keys, p_amounts) with ordinality as i(user_id, feature, key, amount)
    )
    select i.ordinal, i.key, i.amount, s.id as subscription_id, pf.feature_id, f.type, pf.overage,
      u.window_start, u.window_end, u.used_amount, u.quota_limit,
      coalesce(p_now < s.access_until, false) as has_access,
      e.outcome as first_outcome, e.reason as first_reason, e.used_after as first_after,
      e.window_start as first_window_start, e.feature_id as first_feature_id, e.amount as first_amount,
      min(i.ordinal) over (partition by s.id, i.key) as first_ordinal
    from input i
    left join features f on f.code = i.feature
    left join lateral (
      select s.id, s.plan_version_id, s.access_until from subscriptions s
      join plans p on p.product_line = s.product_line
      join plan_versions v on v.plan_id = p.id and v.id = s.plan_version_id
      where s.user_id = i.user_id and s.status not in ('canceled', 'incomplete_expired')
      order by exists (select from plan_features x where x.plan_version_id = s.plan_version_id and x.feature_id = f.id) desc
      limit 1
    ) s on true
    left join plan_features pf on pf.plan_version_id = s.plan_version_id and pf.feature_id = f.id
    left join lateral (
      select * from feature_usage u
      where u.subscription_id = s.id and u.feature_id = f.id and u.window_start <= p_now and p_now < u.window_end
      order by u.window_start desc limit 1
    ) u on true
    left join lateral (
      select * from usage_events e
      where e.subscription_id = s.id and e.idempotency_key = i.key
        and e.recorded_month >= (v_month - interval '1 month')::date
      limit 1
    ) e on true
    order by s.id, pf.feature_id, i.ordinal
  loop
    ordinal := v_request.ordinal;
    subscription_id := v_request.subscription_id;
    used_amount := null; quota_limit := null; window_start := null; window_end := null; repeated := false;
    outcome := 'refused';
    reason := case
      when v_request.subscription_id is null then 'no_subscription'
      when v_request.first_outcome is not null and (v_request.first_feature_id, v_request.first_amount)
        is distinct from (v_request.feature_id, v_request.amount) then 'idempotency_key_reused'
      when v_request.first_outcome is not null then null
      when v_request.first_ordinal < v_request.ordinal then 'repeated_in_batch'
      when v_request.feature_id is null then 'feature_not_in_plan'
      when v_request.type = 'boolean' then 'feature_not_countable'
      when not v_request.has_access then 'no_access'
      when v_request.window_start is null then 'window_missing'
    end;
    if reason is not null then
      return next;
      continue;
    end if;

    if v_counter is distinct from v_request.subscription_id::text || v_request.feature_id::text then
      v_counter := v_request.subscription_id::text || v_request.feature_id::text;
      v_used := v_request.used_amount;
    end if;
    v_repeated := v_request.first_outcome is not null;
    if v_repeated then
      v_outcome := v_request.first_outcome; v_reason := v_request.first_reason; v_after := v_request.first_after;
    elsif v_request.quota_limit is null or v_request.overage <> 'refuse'
      or v_used + v_request.amount <= v_request.quota_limit then
      v_used := v_used + v_request.amount;
      v_outcome := 'allowed'; v_reason := null; v_after := v_used;
    else
      v_outcome := 'refused'; v_reason := 'quota_exceeded'; v_after := v_used;
    end if;
    o_ordinal := o_ordinal || v_request.ordinal; o_outcome := o_outcome || v_outcome;
    o_reason := array_append(o_reason, v_reason); o_repeated := o_repeated || v_repeated;
    o_subscription := o_subscription || v_request.subscription_id; o_feature := o_feature || v_request.feature_id;
    o_start := o_start || coalesce(v_request.first_window_start, v_request.window_start);
    o_end := array_append(o_end, v_request.window_end);
    o_limit := array_append(o_limit, v_request.quota_limit);
    o_after := o_after || v_after; o_key := o_key || v_request.key; o_amount := o_amount || v_request.amount;
  end loop;

  insert into usage_events (recorded_month, subscription_id, idempotency_key, feature_id, amount, outcome, reason,
    window_start, used_after, occurred_at)
  select v_month, r.subscription, r.key, r.feature, r.amount, r.outcome, r.reason, r.start, r.after, p_now
  from unnest(o_subscription, o_key, o_feature, o_amount, o_outcome, o_reason, o_start, o_after, o_repeated)
    as r(subscription, key, feature, amount, outcome, reason, start, after, repeated)
  where not r.repeated;

  update feature_usage u set used_amount = u.used_amount + t.amount
  from (
    select r.subscription, r.feature, r.start, sum(r.amount) as amount
    from unnest(o_subscription, o_feature, o_start, o_amount, o_outcome, o_repeated)
      as r(subscription, feature, start, amount, outcome, repeated)
    where r.outcome = 'allowed' and not r.repeated
    group by r.subscription, r.feature, r.start
  ) t
  where u.subscription_id = t.subscription and u.feature_id = t.feature and u.window_start = t.start;

  return query
  select r.ordinal, r.outcome, r.reason, r.repeated, r.subscription, r.after, r.quota_limit, r.start, r.window_end
  from unnest(o_ordinal, o_outcome, o_reason, o_repeated, o_subscription, o_after, o_limit, o_start, o_end)
    as r(ordinal, outcome, reason, repeated, subscription, after, quota_limit, start, window_end);
end $$;
