-- The mirror of Stripe's invoices.

create table invoices (
  id text primary key,
  subscription_id uuid not null references subscriptions (id),
  number text,
  status text not null,
  currency text not null,
  amount_due_minor bigint not null,
  amount_paid_minor bigint not null,
  period_start timestamptz not null,
  period_end timestamptz not null,
  attempt_count integer not null,
  next_payment_attempt timestamptz,
  hosted_invoice_url text,
  created_at timestamptz not null,
  -- Stripe's reason for the invoice.
  billing_reason text not null default 'unknown',
  -- The state of its payment.
  collection text not null default 'none',
  paid_at timestamptz,
  credited_minor bigint not null default 0,
  refunded_minor bigint not null default 0,
  dispute_status text,
  -- Counts the writes of this row. Each was decided on the one before, so an older reading of Stripe never wins.
  observed_seq bigint not null default 0,
  constraint collection_is_known check (collection in
    ('none', 'processing', 'action_required', 'declined', 'collected')),
  constraint nothing_negative_went_back check (credited_minor >= 0 and refunded_minor >= 0)
);
create index invoices_of_a_subscription on invoices (subscription_id, created_at desc);
