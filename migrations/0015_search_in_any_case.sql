-- Operators search by what customers write to them: an e-mail address, the number of an invoice, an id in any case.
create index customers_by_email on customers (lower(email));
create index customers_by_stripe_customer on customers (lower(stripe_customer_id));
create index invoices_by_id on invoices (lower(id));
create index invoices_by_number on invoices (lower(number));
create index subscriptions_by_stripe_subscription on subscriptions (lower(stripe_subscription_id));
create index subscriptions_by_checkout_session on subscriptions (lower(checkout_session_id));
drop index subscriptions_by_beginning_of_user;
create index subscriptions_by_beginning_of_user on subscriptions (lower(user_id) text_pattern_ops);
