-- A timeline entry names who sent its command. Users do not read these columns: names of keys are those of operators.
alter table subscription_changes
  -- The API key of the request; null without one. Not a foreign key: an entry outlives everything.
  add column key_id uuid,
  -- The name that the sender gave in Temporal's UI.
  add column asked_by text;
