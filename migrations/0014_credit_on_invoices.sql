-- The amount that an invoice took from the customer's balance at Stripe; negative when it added to it. Rows of older builds say zero until
-- Stripe is read again.
alter table invoices add column credit_used_minor bigint not null default 0;
