-- How each version that costs something stands at Stripe: a price of its plan's product.
create table stripe_catalogue (
  plan_version_id uuid primary key references plan_versions (id),
  -- What was last made so there.
  pushed_name text,
  pushed_active boolean,
  pushed_at timestamptz,
  -- Counts what was made so: each time has keys of its own at Stripe.
  pushes integer not null default 0,
  compared_at timestamptz,
  -- What differs there, in words; null when nothing does.
  drift text,
  attempts integer not null default 0,
  due_at timestamptz not null,
  last_error text
);
create index stripe_catalogue_by_time on stripe_catalogue (due_at);
