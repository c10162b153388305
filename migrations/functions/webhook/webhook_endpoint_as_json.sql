-- callers: functions
-- An endpoint as the record of operators' actions shows it: without its secrets.
create or replace function webhook_endpoint_as_json(e webhook_endpoints) returns jsonb language sql immutable as $$
  select jsonb_build_object('endpoint_id', e.id, 'url', e.url, 'event_types', to_jsonb(e.event_types), 'state', e.state)
$$;
