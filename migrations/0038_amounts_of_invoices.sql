-- The sums of an invoice, all four or none: rows of older builds have none until Stripe is read again. The total is the
-- subtotal less the discount, plus the taxes that the prices do not include; it is negative when the invoice adds credit.
alter table invoices
  add column subtotal_minor bigint,
  add column discount_minor bigint,
  add column tax_minor bigint,
  add column total_minor bigint,
  add constraint amounts_are_whole check (
    (subtotal_minor is null) = (total_minor is null)
    and (discount_minor is null) = (total_minor is null)
    and (tax_minor is null) = (total_minor is null));
