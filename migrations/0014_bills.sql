-- What the mirror of Stripe's invoices holds besides: why there is a bill, how its collection stands, and what went back.

alter table invoices
  add column billing_reason text not null default 'unknown',
  add column collection text not null default 'none',
  add column paid_at timestamptz,
  add column credited_minor bigint not null default 0,
  add column refunded_minor bigint not null default 0,
  add column dispute_status text,
  -- Counts the writes of this row: each was decided on the one before, so an older reading of Stripe never wins.
  add column observed_seq bigint not null default 0,
  add constraint collection_is_known check (collection in
    ('none', 'processing', 'action_required', 'declined', 'collected')),
  add constraint nothing_negative_went_back check (credited_minor >= 0 and refunded_minor >= 0);

-- Whether the workflow is about to be told: asked for each bill that is ahead of its subscription.
create index stripe_events_of_a_subscription on stripe_events ((object_ids ->> 'stripeSubscriptionId'))
  where state in ('received', 'forwarded');
