-- Keeps events of Stripe's that are not here yet, any number of them, and answers the names of those that are new:
-- `<account>/<livemode>/<event id>`. An event that comes twice is kept once.
create function record_stripe_events(p_events jsonb) returns setof text
language sql set search_path = public, pg_temp as $$
  insert into stripe_events (account, livemode, event_id, type, api_version, created_at, received_at, object_ids, payload,
    due_at, traceparent, state, reason)
  select e.account, e.livemode, e.event_id, e.type, e.api_version, e.created_at, e.received_at, e.object_ids, e.payload,
    e.due_at, e.traceparent, e.state, e.reason
  from jsonb_populate_recordset(null::stripe_events, p_events) e
  on conflict do nothing
  returning account || '/' || livemode || '/' || event_id
$$;
select close_function('record_stripe_events(jsonb)');
