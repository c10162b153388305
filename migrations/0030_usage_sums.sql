-- Sums of the ledger by quarter of an hour, so that a history reads a bounded number of rows and outlives the ledger's months.
--
-- At all times a counter's history is the sum of its rows here, and of the ledger's entries that no window has summed yet:
-- those that occurred at or after the `summed_until` of their window. An entry that occurred before is added here by the
-- transaction that records it. Both read `summed_until` from the window's row, which they have locked.

alter table feature_usage add column summed_until timestamptz not null default '-infinity';

-- The end of a window before it was ended early, perhaps some time after that earlier end: usage until then may have been counted
-- in it. Null for all others.
alter table feature_usage add column former_end timestamptz;

-- A quarter of an hour is the largest step that fits into the hours and days of every time zone.
create table usage_sums (
  subscription_id uuid not null,
  feature_id uuid not null,
  starts_at timestamptz not null,
  -- Part of the key, so that a transaction that holds the lock of a window never waits here.
  window_start timestamptz not null,
  -- Without what was released; can be negative.
  used_amount bigint not null,
  overage_amount bigint not null,
  event_count bigint not null,
  primary key (subscription_id, feature_id, starts_at, window_start)
);
select close_table('usage_sums');
