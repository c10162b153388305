-- Keys that expire, that say when they were last used, and by whom they were made and revoked.
alter table api_keys
  add column expires_at timestamptz,
  add column last_used_at timestamptz,
  -- The key of the operator who asked; null where a command on the server did.
  add column created_by uuid,
  add column revoked_by uuid,
  -- The key whose successor this is.
  add column rotated_from uuid references api_keys (id),
  add constraint api_key_expires_after_it_was_made check (expires_at > created_at),
  add constraint api_key_was_revoked_by_somebody_when check (revoked_by is null or revoked_at is not null);
-- One successor: a rotation that is asked for twice at once is done once.
create unique index api_key_has_one_successor on api_keys (rotated_from) where rotated_from is not null;
