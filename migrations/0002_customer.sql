-- Customers, by the application's own user id.

create table customers (
  user_id text primary key,
  stripe_customer_id text,
  email text,
  locale text not null default 'en',
  created_at timestamptz not null,
  -- An IANA name; null is UTC.
  time_zone text,
  -- Counts the customers made at Stripe for this user: if one is deleted there, the next needs another idempotency key.
  stripe_generation integer not null default 1,
  constraint user_id_has_a_length check (char_length(user_id) between 1 and 128),
  constraint stripe_customer_is_one_user unique (stripe_customer_id)
);
