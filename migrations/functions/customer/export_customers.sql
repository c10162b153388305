-- may be null: p_after
-- never null: user_id, created_at
-- Customers by user id, each with the newest of their live subscriptions, for an export.
-- p_after: the last user of the page before.
create or replace function export_customers(p_after text, p_limit integer) returns table (
  user_id text, email text, stripe_customer_id text, created_at timestamptz, subscription_id uuid, status text,
  plan_slug text, plan_version integer, quantity integer, period_end timestamptz, cancel_at timestamptz
) language sql stable set search_path = public, pg_temp as $$
  select c.user_id, c.email, c.stripe_customer_id, c.created_at, s.id, s.status, p.slug, v.version, s.quantity,
    s.period_end, s.cancel_at
  from (
    select k.* from customers k where p_after is null or k.user_id > p_after order by k.user_id limit p_limit
  ) c
  left join lateral (
    select l.* from subscriptions l
    where l.user_id = c.user_id and l.status not in ('canceled', 'incomplete_expired')
    order by l.created_at desc, l.id limit 1
  ) s on true
  left join plan_versions v on v.id = s.plan_version_id left join plans p on p.id = v.plan_id
  order by c.user_id
$$;
