-- What is asked of webhooks, as named functions: by operators, and by whoever sends.

-- An endpoint as an audit shows it: without its secrets.
create function webhook_endpoint_as_json(e webhook_endpoints) returns jsonb language sql immutable as $$
  select jsonb_build_object('endpoint_id', e.id, 'url', e.url, 'event_types', to_jsonb(e.event_types), 'state', e.state)
$$;

create function note_webhook_action(p_action text, p_before webhook_endpoints, p_after webhook_endpoints, p_now timestamptz,
  p_key uuid) returns void language sql set search_path = public, pg_temp as $$
  insert into operator_actions (at, key_id, action, before, after)
  values (p_now, p_key, p_action, case when (p_before).id is not null then webhook_endpoint_as_json(p_before) end,
    case when (p_after).id is not null then webhook_endpoint_as_json(p_after) end)
$$;

create function list_webhook_endpoints() returns setof webhook_endpoints
language sql stable set search_path = public, pg_temp as $$
  select e.* from webhook_endpoints e order by e.created_at, e.id
$$;

create function find_webhook_endpoint(p_id uuid) returns setof webhook_endpoints
language sql stable set search_path = public, pg_temp as $$
  select e.* from webhook_endpoints e where e.id = p_id
$$;

-- Nothing when there is one of this id already, or when there are `p_max`.
create function create_webhook_endpoint(
  p_id uuid, p_url text, p_description text, p_types text[], p_secrets jsonb, p_max integer, p_now timestamptz, p_key uuid
) returns setof webhook_endpoints language plpgsql set search_path = public, pg_temp as $$
declare
  own webhook_endpoints;
begin
  insert into webhook_endpoints (id, url, description, event_types, secrets, rotated_by, created_at, updated_at)
  select p_id, p_url, p_description, p_types, p_secrets, 'created', p_now, p_now
  where (select count(*) from webhook_endpoints) < p_max
  on conflict (id) do nothing
  returning * into own;
  if own.id is not null then
    perform note_webhook_action('create_webhook_endpoint', null, own, p_now, p_key);
    return next own;
  end if;
end $$;

create function change_webhook_endpoint(
  p_id uuid, p_url text, p_description text, p_types text[], p_now timestamptz, p_key uuid
) returns setof webhook_endpoints language plpgsql set search_path = public, pg_temp as $$
declare
  v_before webhook_endpoints;
  own webhook_endpoints;
begin
  select e.* into v_before from webhook_endpoints e where e.id = p_id for update;
  if v_before.id is null then
    return;
  end if;
  update webhook_endpoints e set url = p_url, description = p_description, event_types = p_types, updated_at = p_now
  where e.id = p_id returning e.* into own;
  perform note_webhook_action('change_webhook_endpoint', v_before, own, p_now, p_key);
  return next own;
end $$;

-- Its deliveries go with it.
create function delete_webhook_endpoint(p_id uuid, p_now timestamptz, p_key uuid) returns setof webhook_endpoints
language plpgsql set search_path = public, pg_temp as $$
declare
  own webhook_endpoints;
begin
  delete from webhook_endpoints e where e.id = p_id returning e.* into own;
  if own.id is not null then
    perform note_webhook_action('delete_webhook_endpoint', own, null, p_now, p_key);
    return next own;
  end if;
end $$;

-- Sends nothing more to an endpoint; what waits for it is given up, and a replay brings it back.
create function disable_webhook_endpoint(p_id uuid, p_reason text, p_now timestamptz, p_key uuid)
returns setof webhook_endpoints language plpgsql set search_path = public, pg_temp as $$
declare
  v_before webhook_endpoints;
  own webhook_endpoints;
begin
  select e.* into v_before from webhook_endpoints e where e.id = p_id for update;
  if v_before.state = 'enabled' then
    update webhook_endpoints e set state = 'disabled', disabled_reason = p_reason, disabled_at = p_now, updated_at = p_now
    where e.id = p_id;
    update webhook_deliveries d set state = 'failed', last_error = coalesce(d.last_error, 'the endpoint was disabled')
    where d.endpoint_id = p_id and d.state = 'pending';
    select e.* into own from webhook_endpoints e where e.id = p_id;
    perform note_webhook_action('disable_webhook_endpoint', v_before, own, p_now, p_key);
  end if;
  return query select e.* from webhook_endpoints e where e.id = p_id;
end $$;

create function enable_webhook_endpoint(p_id uuid, p_now timestamptz, p_key uuid) returns setof webhook_endpoints
language plpgsql set search_path = public, pg_temp as $$
declare
  v_before webhook_endpoints;
  own webhook_endpoints;
begin
  select e.* into v_before from webhook_endpoints e where e.id = p_id for update;
  if v_before.state = 'disabled' then
    update webhook_endpoints e set state = 'enabled', disabled_reason = null, disabled_at = null, failing_since = null,
      failures = 0, held_until = null, updated_at = p_now
    where e.id = p_id returning e.* into own;
    perform note_webhook_action('enable_webhook_endpoint', v_before, own, p_now, p_key);
  end if;
  return query select e.* from webhook_endpoints e where e.id = p_id;
end $$;

-- Puts a new secret before the others, which sign until `p_until` at most. `p_command` names the request: repeated, it makes
-- no other secret and answers nothing.
create function rotate_webhook_secret(
  p_id uuid, p_sealed text, p_until timestamptz, p_max integer, p_command text, p_now timestamptz, p_key uuid
) returns setof webhook_endpoints language plpgsql set search_path = public, pg_temp as $$
declare
  own webhook_endpoints;
begin
  update webhook_endpoints e set rotated_by = p_command, updated_at = p_now, secrets = (
    select jsonb_agg(jsonb_build_object('sealed', s.sealed, 'until', json_instant(s.until)) order by s.ordinal)
    from (
      select p_sealed as sealed, null::timestamptz as until, 0 as ordinal
      union all
      select o.sealed, least(o.until, p_until), o.ordinal
      from rows from (jsonb_to_recordset(e.secrets) as (sealed text, until timestamptz)) with ordinality
        as o(sealed, until, ordinal)
      where least(o.until, p_until) > p_now
      order by ordinal limit p_max
    ) s)
  where e.id = p_id and e.rotated_by <> p_command
  returning e.* into own;
  if own.id is not null then
    perform note_webhook_action('rotate_webhook_secret', own, own, p_now, p_key);
    return next own;
  end if;
end $$;

-- The endpoints for which something is due.
create function list_webhook_endpoints_due(p_now timestamptz) returns setof uuid
language sql stable set search_path = public, pg_temp as $$
  select e.id from webhook_endpoints e
  where e.state = 'enabled' and (e.held_until is null or e.held_until <= p_now) and exists (
    select from webhook_deliveries d where d.endpoint_id = e.id and d.state = 'pending' and d.due_at <= p_now)
$$;

-- Takes what is due for an endpoint, each until `p_until` for the caller alone: of each subscription the first that was not
-- acknowledged or given up. `p_attempt` of finish_webhook_delivery is the `attempts` answered here.
create function claim_webhook_deliveries(p_endpoint uuid, p_now timestamptz, p_until timestamptz, p_limit integer)
returns table (id bigint, attempts integer, queued_at timestamptz, url text, secrets jsonb, event jsonb)
language sql set search_path = public, pg_temp as $$
  update webhook_deliveries d set attempts = d.attempts + 1, due_at = p_until, last_attempt_at = p_now
  from webhook_endpoints e, webhook_events v
  where e.id = d.endpoint_id and v.id = d.event_id and d.id in (
    select c.id from webhook_deliveries c join webhook_endpoints o on o.id = c.endpoint_id
    where c.endpoint_id = p_endpoint and o.state = 'enabled' and (o.held_until is null or o.held_until <= p_now)
      and c.state = 'pending' and c.due_at <= p_now
      and not exists (
        select from webhook_deliveries b
        where b.endpoint_id = c.endpoint_id and b.subscription_id = c.subscription_id and b.state = 'pending'
          and b.event_id < c.event_id)
    order by c.due_at, c.id limit p_limit for update of c skip locked)
  returning d.id, d.attempts, d.queued_at, e.url, e.secrets, to_jsonb(v)
$$;

-- What came of an attempt: `delivered`, `failed` for good, or (`pending`) to be tried again at `p_until`. An attempt that was
-- overtaken by another changes nothing. Answers the endpoint, whose failures count until something gets through; from
-- `p_hold_after` of them on nothing is sent there before `p_hold_until`.
create function finish_webhook_delivery(
  p_id bigint, p_attempt integer, p_state text, p_status integer, p_error text, p_until timestamptz,
  p_hold_after integer, p_hold_until timestamptz, p_now timestamptz
) returns setof webhook_endpoints language plpgsql set search_path = public, pg_temp as $$
declare
  own webhook_deliveries;
begin
  update webhook_deliveries d set state = p_state, last_status = p_status, last_error = p_error,
    due_at = coalesce(p_until, d.due_at), delivered_at = case when p_state = 'delivered' then p_now end
  where d.id = p_id and d.attempts = p_attempt and d.state = 'pending'
  returning d.* into own;
  if own.id is null then
    return;
  end if;
  -- Whatever waits behind it waits as long, or (the next one) no longer.
  update webhook_deliveries d set due_at = case when p_state = 'pending' then greatest(d.due_at, p_until) else p_now end
  where d.endpoint_id = own.endpoint_id and d.subscription_id = own.subscription_id and d.state = 'pending'
    and d.event_id > own.event_id and (d.due_at > p_now or p_state = 'pending');
  if p_state = 'delivered' then
    update webhook_endpoints e set failing_since = null, failures = 0, held_until = null
    where e.id = own.endpoint_id and (e.failures > 0 or e.held_until is not null);
  else
    update webhook_endpoints e set failing_since = coalesce(e.failing_since, p_now), failures = e.failures + 1,
      held_until = case when e.failures + 1 >= p_hold_after then greatest(e.held_until, p_hold_until) else e.held_until end
    where e.id = own.endpoint_id;
  end if;
  return query select e.* from webhook_endpoints e where e.id = own.endpoint_id;
end $$;

-- The newest first; null matters not. `p_after` is the id of the last one of the page before.
create function list_webhook_deliveries(
  p_endpoint uuid, p_subscription uuid, p_state text, p_type text, p_after bigint, p_limit integer
) returns table (
  id bigint, endpoint_id uuid, subscription_id uuid, event_key text, sequence bigint, type text, state text,
  attempts integer, queued_at timestamptz, due_at timestamptz, last_attempt_at timestamptz, last_status integer,
  last_error text, delivered_at timestamptz, created_at timestamptz
) language plpgsql stable
-- Planned for what is asked: each combination has an index of its own.
set search_path = public, pg_temp set plan_cache_mode = force_custom_plan as $$
begin
  return query
  select d.id, d.endpoint_id, d.subscription_id, v.key, v.sequence, d.type, d.state, d.attempts, d.queued_at, d.due_at,
    d.last_attempt_at, d.last_status, d.last_error, d.delivered_at, d.created_at
  from webhook_deliveries d join webhook_events v on v.id = d.event_id
  where (p_endpoint is null or d.endpoint_id = p_endpoint)
    and (p_subscription is null or d.subscription_id = p_subscription)
    and (p_state is null or d.state = p_state) and (p_type is null or d.type = p_type)
    and (p_after is null or d.id < p_after)
  order by d.id desc
  limit p_limit;
end $$;

-- Has deliveries sent once more, those of these ids, and answers how many. What waits already is left alone, and so is what
-- belongs to an endpoint that is disabled.
create function replay_webhook_deliveries(p_ids bigint[], p_now timestamptz, p_key uuid) returns bigint
language sql set search_path = public, pg_temp as $$
  with replayed as (
    update webhook_deliveries d set state = 'pending', attempts = 0, queued_at = p_now, due_at = p_now,
      delivered_at = null, last_status = null, last_error = null
    from webhook_endpoints e
    where d.id = any (p_ids) and d.state <> 'pending' and e.id = d.endpoint_id and e.state = 'enabled'
    returning d.id
  ), noted as (
    insert into operator_actions (at, key_id, action, after)
    select p_now, p_key, 'replay_webhook_deliveries', jsonb_build_object('delivery_ids', to_jsonb(p_ids))
    where exists (select from replayed)
  )
  select count(*) from replayed
$$;

-- Has all that happened since an instant told to an endpoint once more, also what happened while it was disabled or did not
-- want it; the oldest first, `p_limit` at most. Answers how many, and when the last of them happened if there may be more.
create function replay_webhook_events(p_endpoint uuid, p_since timestamptz, p_limit integer, p_now timestamptz, p_key uuid)
returns table (replayed bigint, at timestamptz) language plpgsql set search_path = public, pg_temp as $$
begin
  insert into operator_actions (at, key_id, action, after)
  values (p_now, p_key, 'replay_webhook_deliveries', jsonb_build_object('endpoint_id', p_endpoint, 'since', p_since));
  return query
  with chosen as materialized (
    select v.id, v.subscription_id, v.type, v.at from webhook_events v join webhook_endpoints e on e.id = p_endpoint
    where v.at >= p_since and e.state = 'enabled' and (e.event_types is null or v.type = any (e.event_types))
    order by v.at, v.id limit p_limit
  ), told as (
    insert into webhook_deliveries as d
      (endpoint_id, event_id, subscription_id, type, queued_at, due_at, created_at)
    select p_endpoint, c.id, c.subscription_id, c.type, p_now, p_now, p_now from chosen c order by c.id
    on conflict (endpoint_id, event_id) do update set state = 'pending', attempts = 0, queued_at = p_now, due_at = p_now,
      delivered_at = null, last_status = null, last_error = null
    where d.state <> 'pending'
    returning 1
  )
  select (select count(*) from told), (select max(c.at) from chosen c having count(*) = p_limit);
end $$;

-- Forgets what happened before, with its deliveries, but for what still waits to be sent.
create function forget_webhook_events(p_before timestamptz, p_limit integer) returns bigint
language sql set search_path = public, pg_temp as $$
  with gone as (
    delete from webhook_events v where v.id in (
      select o.id from webhook_events o
      where o.at < p_before and not exists (
        select from webhook_deliveries d where d.event_id = o.id and d.state = 'pending')
      limit p_limit)
    returning 1
  )
  select count(*) from gone
$$;

select close_function(p.oid) from pg_proc p
where p.pronamespace = 'public'::regnamespace and p.proname = any (array[
  'webhook_endpoint_as_json', 'note_webhook_action', 'list_webhook_endpoints', 'find_webhook_endpoint',
  'create_webhook_endpoint', 'change_webhook_endpoint', 'delete_webhook_endpoint', 'disable_webhook_endpoint',
  'enable_webhook_endpoint', 'rotate_webhook_secret', 'list_webhook_endpoints_due', 'claim_webhook_deliveries',
  'finish_webhook_delivery', 'list_webhook_deliveries', 'replay_webhook_deliveries', 'replay_webhook_events',
  'forget_webhook_events']);
