-- API keys, the answers to repeated requests, and the record of operators' actions.

create table api_keys (
  id uuid primary key,
  name text not null,
  prefix text not null,
  hash text not null,
  scopes text[] not null,
  created_at timestamptz not null,
  revoked_at timestamptz,
  expires_at timestamptz,
  last_used_at timestamptz,
  -- The key of the operator who asked; null for a command on the server.
  created_by uuid,
  revoked_by uuid,
  -- The key that this one replaces.
  rotated_from uuid references api_keys (id),
  constraint api_key_hash_is_unique unique (hash),
  constraint api_key_scopes_are_known check (scopes <@ array['app', 'operator', 'read'] and cardinality(scopes) > 0),
  constraint api_key_expires_after_it_was_made check (expires_at > created_at),
  constraint api_key_was_revoked_by_somebody_when check (revoked_by is null or revoked_at is not null)
);
-- Two rotations at the same time make one successor.
create unique index api_key_has_one_successor on api_keys (rotated_from) where rotated_from is not null;

-- The answer to a mutating request, so that its repeat gets the same one.
create table idempotency_keys (
  caller text not null,
  key text not null,
  request_hash text not null,
  response_status integer,
  response_body jsonb,
  created_at timestamptz not null,
  primary key (caller, key),
  constraint idempotency_key_has_a_length check (char_length(key) between 1 and 255)
);
create index idempotency_keys_by_age on idempotency_keys (created_at);

-- The actions of operators. Never changed.
create table operator_actions (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  -- The operator's API key; null for a request through Temporal's UI.
  key_id uuid,
  action text not null,
  -- Null for an action that concerns no user, such as one on a webhook endpoint.
  user_id text,
  before jsonb,
  after jsonb,
  -- The person who asked through Temporal's UI.
  asked_by text,
  -- The request; a repeated request is recorded once.
  command text,
  constraint operator_action_is_noted_once unique (command)
);
create index operator_actions_of_a_user on operator_actions (user_id, at desc);
