-- Whether an invoice charges, credits and says nothing: Stripe makes one when a paused subscription continues. It is kept for audits,
-- and customers are not shown it.
alter table invoices add column is_empty boolean not null default false;
