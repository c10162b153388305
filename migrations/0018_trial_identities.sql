-- A person has one trial in each product line: each identity of a person who began one is stored here, as a hash. The primary
-- key decides between two accounts that begin at the same instant.
create table trial_identities (
  product_line text not null,
  -- `user`, `email` and `card`; `offer` is the version of a plan that an operator offered to a user.
  kind text not null,
  -- Keyed by TRIAL_SECRET: the table alone reveals no address and no user.
  hash text not null,
  -- The subscription that had the trial; null after its user was erased.
  subscription_id uuid references subscriptions (id),
  recorded_at timestamptz not null,
  primary key (product_line, kind, hash),
  constraint trial_identity_kind_is_known check (kind in ('user', 'email', 'card', 'offer'))
);
create index trial_identities_of_a_subscription on trial_identities (subscription_id);
select close_table('trial_identities');
