-- A timeline entry names who sent its command. Users do not read these columns: names of keys are those of operators.
alter table subscription_changes
  -- The API key of the request; null without one. Not a foreign key: an entry outlives everything.
  add column key_id uuid,
  -- Who asked through Temporal's UI, in their own words.
  add column asked_by text;
