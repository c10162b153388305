-- Drops functions that no release in use calls any more: one line each, with the release that dropped it. See README.md.
drop function if exists record_stripe_events(jsonb); -- 0.1.0
drop function if exists usage_standings(timestamptz, text, uuid, uuid[], timestamptz[], timestamptz[], bigint[]); -- 0.1.0
drop function if exists standing_migration_items(uuid); -- 0.1.0
