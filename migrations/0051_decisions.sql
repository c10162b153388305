-- Why a subscription changed: the facts, the rule and the outcome of each decision, as `save_subscription` wrote it.
create table decisions (
  subscription_id uuid not null references subscriptions (id),
  -- The `observed_seq` that the write made.
  seq bigint not null,
  at timestamptz not null,
  rule text not null,
  -- Identifies the code that decided.
  build text not null,
  -- The timeline entries of the write; null if it has none.
  first_entry bigint,
  last_entry bigint,
  -- Compressed JSON, without personal data: see adapters/database/operations/decision-body.ts.
  body bytea not null,
  primary key (subscription_id, seq),
  constraint decision_has_all_its_entries check ((first_entry is null) = (last_entry is null))
);
-- The body is compressed already.
alter table decisions alter column body set storage external;
create index decisions_in_order on decisions (at, subscription_id, seq);
create index decisions_of_entries on decisions (subscription_id, last_entry);
select close_table('decisions');
