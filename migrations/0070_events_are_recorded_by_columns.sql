-- Rows come in the order of their index, so each finds its place at the end; looked through backwards, it is the same order.
drop index stripe_events_by_time;
create index stripe_events_by_time on stripe_events (received_at);
-- Most events tell of no subscription, and nobody looks for those.
drop index stripe_events_left_out;
create index stripe_events_left_out on stripe_events ((object_ids ->> 'stripeSubscriptionId'))
  where state = 'parked' and object_ids ->> 'stripeSubscriptionId' is not null;
drop index stripe_events_of_a_subscription;
create index stripe_events_of_a_subscription on stripe_events ((object_ids ->> 'stripeSubscriptionId'))
  where state in ('received', 'forwarded') and object_ids ->> 'stripeSubscriptionId' is not null;

-- Keeps events of Stripe's that are not here yet, any number of them, and answers the names of those that are new:
-- `<account>/<livemode>/<event id>`. An event that comes twice is kept once. Each event has the same place in all lists:
-- that costs less than taking it out of JSON. Two who keep the same events take them in the same order, so that neither
-- waits for the other for ever. In PL/pgSQL, whose plan is made once for a connection.
--
-- Processes of the release before call the one that takes JSON.
create function record_stripe_events(
  p_accounts text[], p_livemodes boolean[], p_event_ids text[], p_types text[], p_api_versions text[],
  p_created_at timestamptz[], p_received_at timestamptz[], p_object_ids text[], p_payloads text[], p_traceparents text[],
  p_states text[], p_reasons text[]
) returns setof text language plpgsql set search_path = public, pg_temp as $$
begin
  return query
  insert into stripe_events (account, livemode, event_id, type, api_version, created_at, received_at, object_ids, payload,
    due_at, traceparent, state, reason)
  select e.account, e.livemode, e.event_id, e.type, e.api_version, e.created_at, e.received_at, e.object_ids::jsonb,
    e.payload::jsonb, e.received_at, e.traceparent, e.state, e.reason
  from unnest(p_accounts, p_livemodes, p_event_ids, p_types, p_api_versions, p_created_at, p_received_at, p_object_ids,
    p_payloads, p_traceparents, p_states, p_reasons) e(account, livemode, event_id, type, api_version, created_at,
    received_at, object_ids, payload, traceparent, state, reason)
  order by e.event_id, e.account, e.livemode
  on conflict do nothing
  returning account || '/' || livemode || '/' || event_id;
end $$;
select close_function('record_stripe_events(text[], boolean[], text[], text[], text[], timestamptz[], timestamptz[], text[],
  text[], text[], text[], text[])');
