-- Webhooks to the application. An event is written in the transaction of the timeline entry (or of the invoice) that it is
-- about, with a delivery for each endpoint that wants it: what is committed is sent, what is not is not.

create table webhook_endpoints (
  id uuid primary key,
  url text not null,
  description text not null,
  -- Null is every type, also those of later releases.
  event_types text[],
  -- Newest first: [{"sealed": …, "until": null or an instant}]. Every secret that has not expired signs.
  secrets jsonb not null,
  -- The request that made the newest secret. The same request again makes no other.
  rotated_by text not null,
  state text not null default 'enabled',
  disabled_reason text,
  disabled_at timestamptz,
  -- Since when no attempt has succeeded, and how many have failed since; null and zero while all is well.
  failing_since timestamptz,
  failures integer not null default 0,
  -- Nothing is sent before this instant: the endpoint asked for it, or nothing succeeds at present.
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
  -- The event's id for receivers; the same fact has the same key.
  key text not null,
  subscription_id uuid not null references subscriptions (id),
  -- The timeline entry that it is about, or the newest one if it is about an invoice.
  sequence bigint not null,
  type text not null,
  at timestamptz not null,
  actor text not null,
  cause text not null,
  -- The subscription's row before and after, and further facts.
  before jsonb,
  subscription jsonb not null,
  about jsonb,
  -- W3C trace context of what wrote the fact, so that sending it, perhaps days later, is part of the same trace.
  traceparent text,
  constraint webhook_event_is_one_fact unique (key),
  constraint traceparent_is_w3c check (traceparent ~ '^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$')
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
  -- Its age is counted from here; a replay starts again.
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
-- Whether an earlier delivery of the same subscription is still pending: it goes first.
create index webhook_deliveries_before on webhook_deliveries (endpoint_id, subscription_id, event_id) where state = 'pending';
create index webhook_deliveries_of_an_event on webhook_deliveries (event_id);
create index webhook_deliveries_of_a_subscription on webhook_deliveries (subscription_id, id);
create index webhook_deliveries_of_an_endpoint on webhook_deliveries (endpoint_id, id);
