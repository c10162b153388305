-- What is asked of the inbox of Stripe's events and of what is compared with Stripe, as named functions.

-- Takes events that are due, each until `p_until` for the caller alone. `p_bills` are patterns of the types that tell of a
-- bill: these are taken, or (`p_is_bills` false) all others.
create function claim_stripe_events(
  p_is_bills boolean, p_bills text[], p_now timestamptz, p_until timestamptz, p_limit integer
) returns setof stripe_events language sql set search_path = public, pg_temp as $$
  update stripe_events set attempts = attempts + 1, due_at = p_until
  where (account, livemode, event_id) in (
    select e.account, e.livemode, e.event_id from stripe_events e
    where e.state in ('received', 'forwarded') and e.due_at <= p_now and (e.type like any (p_bills)) = p_is_bills
    order by e.due_at limit p_limit for update skip locked)
  returning *
$$;

-- Whether an event that changes this subscription of Stripe's is in one of these states.
create function has_stripe_fact(p_stripe_subscription text, p_states text[], p_bills text[]) returns boolean
language sql stable set search_path = public, pg_temp as $$
  -- Said one by one, so that each finds its partial index.
  select exists (
    select from stripe_events e
    where e.state in ('received', 'forwarded') and e.state = any (p_states)
      and e.object_ids ->> 'stripeSubscriptionId' = p_stripe_subscription and not e.type like any (p_bills)
  ) or exists (
    select from stripe_events e
    where e.state = 'parked' and e.state = any (p_states)
      and e.object_ids ->> 'stripeSubscriptionId' = p_stripe_subscription and not e.type like any (p_bills)
  )
$$;

-- The newest first; null matters not. `p_stripe_id` is any of the ids that the event's object carries, `p_after` the id of
-- the last event of the page before.
create function list_stripe_events(
  p_state text, p_type text, p_reason text, p_subscription uuid, p_stripe_id text, p_after text, p_limit integer
) returns setof stripe_events language plpgsql stable
-- Planned for what is asked: each combination has an index of its own.
set search_path = public, pg_temp set plan_cache_mode = force_custom_plan as $$
begin
  return query
  select e.* from stripe_events e
  where (p_state is null or e.state = p_state) and (p_type is null or e.type = p_type)
    and (p_reason is null or e.reason = p_reason) and (p_subscription is null or e.subscription_id = p_subscription)
    and (p_stripe_id is null or p_stripe_id in (
      e.object_ids ->> 'objectId', e.object_ids ->> 'customerId', e.object_ids ->> 'stripeSubscriptionId',
      e.object_ids ->> 'sessionId', e.object_ids ->> 'invoiceId', e.object_ids ->> 'paymentIntentId'))
    and (p_after is null or (e.received_at, e.event_id) < (
      select a.received_at, a.event_id from stripe_events a where a.event_id = p_after limit 1))
  order by e.received_at desc, e.event_id desc
  limit p_limit;
end $$;

create function stripe_inbox_figures()
returns table (received bigint, forwarded bigint, parked bigint, oldest_received_at timestamptz)
language sql stable set search_path = public, pg_temp as $$
  select count(*) filter (where w.state = 'received'), count(*) filter (where w.state = 'forwarded'),
    (select count(*) from stripe_events e where e.state = 'parked'), min(w.received_at)
  from stripe_events w where w.state in ('received', 'forwarded')
$$;

-- Has events told once more: those of these ids (of another subscription of Stripe's than `p_not_of`), or those parked for a
-- reason (of one subscription of Stripe's). What waits to be told already is left alone.
create function redrive_stripe_events(
  p_events text[], p_not_of text, p_reason text, p_stripe_subscription text, p_now timestamptz, p_limit integer
) returns table (event_id text) language plpgsql
set search_path = public, pg_temp set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
begin
  return query
  update stripe_events set state = 'received', reason = null, attempts = 0, due_at = p_now
  where (account, livemode, event_id) in (
    select e.account, e.livemode, e.event_id from stripe_events e
    where e.state in ('parked', 'done') and case
      when p_events is not null then e.event_id = any (p_events)
        and (p_not_of is null or e.object_ids ->> 'stripeSubscriptionId' <> p_not_of)
      else e.state = 'parked' and e.reason = p_reason
        and (p_stripe_subscription is null or e.object_ids ->> 'stripeSubscriptionId' = p_stripe_subscription)
      end
    order by e.received_at limit p_limit for update skip locked)
  returning stripe_events.event_id;
end $$;

-- Takes a cursor until `p_until` and answers how far it got; null when it is not due, or another has it.
create function claim_sync_cursor(p_name text, p_now timestamptz, p_until timestamptz) returns timestamptz
language sql set search_path = public, pg_temp as $$
  insert into sync_cursors (name, position, due_at) values (p_name, p_now, p_until)
  on conflict (name) do update set due_at = p_until where sync_cursors.due_at <= p_now
  returning position
$$;

-- Notes that this was seen; what was closed before is open again, unless a person dismissed just this.
create function note_drift(
  p_key text, p_kind text, p_subscription uuid, p_stripe_id text, p_detail text, p_remedy text, p_now timestamptz
) returns void language sql set search_path = public, pg_temp as $$
  insert into drift_findings as f (key, kind, subscription_id, stripe_id, detail, remedy, state, found_at, seen_at)
  values (p_key, p_kind, p_subscription, p_stripe_id, p_detail, p_remedy, 'open', p_now, p_now)
  on conflict (key) do update
    set detail = excluded.detail, seen_at = p_now, state = 'open', closed_at = null, closed_by = null
    where f.state <> 'dismissed' or f.detail <> excluded.detail
$$;

create function close_drift(p_keys text[], p_state text, p_by text, p_now timestamptz) returns setof drift_findings
language sql set search_path = public, pg_temp as $$
  update drift_findings set state = p_state, closed_at = p_now, closed_by = p_by
  where key = any (p_keys) and state = 'open'
  returning *
$$;

-- Closes whatever is open about this object at Stripe: it came right.
create function settle_drift(p_stripe_id text, p_now timestamptz) returns void
language sql set search_path = public, pg_temp as $$
  update drift_findings set state = 'repaired', closed_at = p_now, closed_by = 'sync'
  where stripe_id = p_stripe_id and state = 'open'
$$;

create function find_drift(p_key text) returns setof drift_findings
language sql stable set search_path = public, pg_temp as $$
  select f.* from drift_findings f where f.key = p_key
$$;

-- Closes what a comparison that began at `p_since` did not see, and answers how many. A refund is never compared.
create function close_unseen_drift(p_since timestamptz, p_by text, p_now timestamptz) returns bigint
language sql set search_path = public, pg_temp as $$
  with closed as (
    update drift_findings set state = 'resolved', closed_at = p_now, closed_by = p_by
    where state = 'open' and seen_at < p_since and kind <> 'extra_refunded'
    returning 1
  )
  select count(*) from closed
$$;

create function count_drift() returns table (kind text, open bigint)
language sql stable set search_path = public, pg_temp as $$
  select f.kind, count(*) from drift_findings f where f.state = 'open' group by f.kind order by f.kind
$$;

-- The latest seen first; null matters not, `p_after` is the last key of the page before.
create function list_drift(p_state text, p_kind text, p_subscription uuid, p_after text, p_limit integer)
returns setof drift_findings language sql stable set search_path = public, pg_temp as $$
  select f.* from drift_findings f
  where (p_state is null or f.state = p_state) and (p_kind is null or f.kind = p_kind)
    and (p_subscription is null or f.subscription_id = p_subscription)
    and (p_after is null or (f.seen_at, f.key) < (select a.seen_at, a.key from drift_findings a where a.key = p_after))
  order by f.seen_at desc, f.key desc
  limit p_limit
$$;

-- Subscriptions that live here, by their ids, and whether the run saw them at Stripe; null for those that it need not know.
create function list_live_subscriptions(p_run uuid, p_after uuid, p_limit integer)
returns table (subscription jsonb, is_seen boolean)
language sql stable set search_path = public, pg_temp as $$
  select to_jsonb(s), case when s.stripe_subscription_id is not null then exists (
    select from reconciliation_seen r where r.run_id = p_run and r.stripe_id = s.stripe_subscription_id) end
  from subscriptions s
  where s.status not in ('canceled', 'incomplete_expired') and (p_after is null or s.id > p_after)
  order by s.id
  limit p_limit
$$;

-- From now on the price stands for this version.
create function map_stripe_price(p_price text, p_version uuid, p_now timestamptz) returns void
language sql set search_path = public, pg_temp as $$
  insert into stripe_prices (price_id, plan_version_id, created_at) values (p_price, p_version, p_now)
  on conflict (price_id) do update set plan_version_id = p_version
$$;
