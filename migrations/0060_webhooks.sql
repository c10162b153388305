-- What the application is told of its users' subscriptions. An event is written with the entry of the timeline that it tells
-- (or with the bill), a delivery for each endpoint that wants it beside it: what is committed is told, what is not is not.

create table webhook_endpoints (
  id uuid primary key,
  url text not null,
  description text not null,
  -- Null is every type, those of later releases too.
  event_types text[],
  -- The newest first: [{"sealed": …, "until": null or an instant}]. Each that is not over signs.
  secrets jsonb not null,
  -- Names the request that made the newest secret: the request repeated makes no other.
  rotated_by text not null,
  state text not null default 'enabled',
  disabled_reason text,
  disabled_at timestamptz,
  -- Since when no attempt succeeded, and how many failed since then; null and zero while all is well.
  failing_since timestamptz,
  failures integer not null default 0,
  -- Nothing is sent before this instant: it asked for that, or nothing gets through at present.
  held_until timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint webhook_endpoint_state_is_known check (state in ('enabled', 'disabled')),
  constraint webhook_endpoint_is_disabled_for_a_reason check (
    (state = 'disabled') = (disabled_reason is not null) and (state = 'disabled') = (disabled_at is not null)),
  constraint webhook_endpoint_has_a_secret check (jsonb_array_length(secrets) > 0),
  constraint webhook_endpoint_wants_something check (cardinality(event_types) > 0)
);

create table webhook_events (
  id bigint generated always as identity primary key,
  -- The name by which receivers know it; the same fact has the same name.
  key text not null,
  subscription_id uuid not null references subscriptions (id),
  -- The entry of the timeline that it tells, or the newest one when a bill told it.
  sequence bigint not null,
  type text not null,
  at timestamptz not null,
  actor text not null,
  cause text not null,
  -- As it was before and is after: the row of the subscription, and what else belongs to the fact.
  before jsonb,
  subscription jsonb not null,
  about jsonb,
  constraint webhook_event_is_one_fact unique (key)
);
create index webhook_events_by_time on webhook_events (at);
create index webhook_events_of_a_subscription on webhook_events (subscription_id, id);

create table webhook_deliveries (
  id bigint generated always as identity primary key,
  endpoint_id uuid not null references webhook_endpoints (id) on delete cascade,
  event_id bigint not null references webhook_events (id) on delete cascade,
  subscription_id uuid not null,
  type text not null,
  state text not null default 'pending',
  attempts integer not null default 0,
  -- Its age counts from here; a replay begins anew.
  queued_at timestamptz not null,
  due_at timestamptz not null,
  last_attempt_at timestamptz,
  last_status integer,
  last_error text,
  delivered_at timestamptz,
  created_at timestamptz not null,
  constraint webhook_delivery_is_one unique (endpoint_id, event_id),
  constraint webhook_delivery_state_is_known check (state in ('pending', 'delivered', 'failed')),
  constraint webhook_delivered_exactly_at_an_instant check ((state = 'delivered') = (delivered_at is not null))
);
create index webhook_deliveries_due on webhook_deliveries (endpoint_id, due_at) where state = 'pending';
-- What must be acknowledged or given up before a later one is sent.
create index webhook_deliveries_before on webhook_deliveries (endpoint_id, subscription_id, event_id) where state = 'pending';
create index webhook_deliveries_of_an_event on webhook_deliveries (event_id);
create index webhook_deliveries_of_a_subscription on webhook_deliveries (subscription_id, id);
create index webhook_deliveries_of_an_endpoint on webhook_deliveries (endpoint_id, id);

-- Adds to a timeline, and tells the application. Whoever calls it holds the subscription's row, so that no two writers count
-- alike, and so that events of one subscription commit in the order of their ids. A change without a kind is no entry of the
-- timeline: a bill's own fact, told beside the entries before it. `event` is {"type", "fact", "about"}; its `fact` names what
-- is no entry.
create or replace function add_subscription_changes(p_subscription uuid, p_changes jsonb) returns void
language plpgsql set search_path = public, pg_temp as $$
declare
  v_last bigint := (
    select coalesce(max(l.seq), 0) from subscription_changes l where l.subscription_id = p_subscription);
  v_name text := 'evt_' || replace(p_subscription::text, '-', '');
begin
  insert into subscription_changes (subscription_id, seq, at, actor, kind, before, after, cause)
  select p_subscription, v_last + row_number() over (order by c.ordinal), c.at, c.actor, c.kind, c.before, c.after, c.cause
  from rows from (
    jsonb_to_recordset(p_changes) as (at timestamptz, actor text, kind text, before jsonb, after jsonb, cause text)
  ) with ordinality as c(at, actor, kind, before, after, cause, ordinal)
  where c.kind is not null;
  -- Nobody listens: nothing is kept for anybody.
  if not exists (select from webhook_endpoints) then
    return;
  end if;
  with told as (
    insert into webhook_events (key, subscription_id, sequence, type, at, actor, cause, before, subscription, about)
    select v_name || '_' || coalesce(c.event ->> 'fact', c.sequence::text), p_subscription, c.sequence, c.event ->> 'type',
      c.at, c.actor, c.cause, c.before, to_jsonb(s), c.event -> 'about'
    from (
      select i.*, v_last + count(i.kind) over (order by i.ordinal) as sequence
      from rows from (
        jsonb_to_recordset(p_changes) as (
          at timestamptz, actor text, kind text, before jsonb, cause text, event jsonb)
      ) with ordinality as i(at, actor, kind, before, cause, event, ordinal)
    ) c
    join subscriptions s on s.id = p_subscription
    where c.event is not null and c.event <> 'null'
    order by c.ordinal
    on conflict (key) do nothing
    returning id, type, at
  )
  insert into webhook_deliveries (endpoint_id, event_id, subscription_id, type, queued_at, due_at, created_at)
  select e.id, t.id, p_subscription, t.type, t.at, t.at, t.at
  from told t join webhook_endpoints e
    on e.state = 'enabled' and (e.event_types is null or t.type = any (e.event_types))
  order by t.id;
end $$;

-- What operators did now also names endpoints, which are nobody's, and whoever asked in Temporal's UI, who has no key.
alter table operator_actions
  alter column user_id drop not null,
  alter column key_id drop not null,
  add column asked_by text,
  -- Names the request: asked again, it is noted once.
  add column command text,
  add constraint operator_action_is_noted_once unique (command);

create function note_operator_action(
  p_command text, p_action text, p_user text, p_before jsonb, p_after jsonb, p_now timestamptz, p_key uuid, p_by text
) returns void language sql set search_path = public, pg_temp as $$
  insert into operator_actions (at, key_id, asked_by, action, user_id, before, after, command)
  values (p_now, p_key, p_by, p_action, p_user, p_before, p_after, p_command)
  on conflict (command) do nothing
$$;

-- What operators did: to one user, or (null) everything.
create or replace function list_operator_actions(p_user text, p_limit integer) returns setof operator_actions
language sql stable set search_path = public, pg_temp as $$
  select a.* from operator_actions a where p_user is null or a.user_id = p_user order by a.id desc limit p_limit
$$;

select close_table(t.name::regclass)
from unnest(array['webhook_endpoints', 'webhook_events', 'webhook_deliveries']) as t(name);
select close_function(p.oid) from pg_proc p
where p.pronamespace = 'public'::regnamespace and p.proname = 'note_operator_action';
