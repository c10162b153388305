-- may be null: p_api_versions[], p_payloads[], p_traceparents[], p_reasons[]
-- never null: all
-- Stores events in the inbox and returns the names of those that are new: `<account>/<livemode>/<event id>`. An event
-- that arrives twice is stored once.
--
-- Each event has the same position in all arrays, which costs less than JSON. Rows are inserted in one order, so that
-- two callers with the same events cannot deadlock. In PL/pgSQL, because its plan is made once per connection.
create or replace function record_stripe_events(
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
