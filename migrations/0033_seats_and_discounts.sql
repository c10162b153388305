-- How many of its plan a subscription has, and what takes something off its price: Stripe's words, mirrored.
alter table subscriptions
  add column quantity integer not null default 1,
  add column discount jsonb,
  add constraint subscription_has_one_or_more check (quantity >= 1);
