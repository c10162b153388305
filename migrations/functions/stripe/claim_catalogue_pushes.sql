-- never null: all
-- Claims versions whose product or price has to be written to Stripe (`push`), or has not been compared for a day
-- (`compare`).
--
-- Each is due again after 1, 2, 4 … up to 600 seconds, in case the caller dies.
-- p_limit: at most so many.
create or replace function claim_catalogue_pushes(p_now timestamptz, p_limit integer) returns table (
  plan_version_id uuid, name text, price_active boolean, product_active boolean, kind text, pushes integer,
  attempts integer
) language plpgsql set search_path = public, pg_temp as $$
#variable_conflict use_column
begin
  insert into stripe_catalogue (plan_version_id, due_at)
  select v.id, p_now from plan_versions v
  where v.published_at is not null and v.price_minor > 0
    and not exists (select from stripe_catalogue c where c.plan_version_id = v.id)
  on conflict do nothing;
  return query
  with due as (
    select c.plan_version_id, p.name, is_sold_at_stripe(v) as price_active,
      exists (select from plan_versions o where o.plan_id = p.id and is_sold_at_stripe(o)) as product_active,
      case when c.pushed_at is null or c.pushed_name <> p.name or c.pushed_active <> is_sold_at_stripe(v)
        then 'push' else 'compare' end as kind
    from stripe_catalogue c join plan_versions v on v.id = c.plan_version_id join plans p on p.id = v.plan_id
    where c.due_at <= p_now and (
      c.pushed_at is null or c.pushed_name <> p.name or c.pushed_active <> is_sold_at_stripe(v)
      or c.compared_at <= p_now - interval '1 day')
    order by c.due_at limit p_limit for update of c skip locked
  )
  update stripe_catalogue c set attempts = c.attempts + 1,
    due_at = p_now + least(600, 2 ^ least(c.attempts, 10)) * interval '1 second'
  from due d where c.plan_version_id = d.plan_version_id
  returning d.plan_version_id, d.name, d.price_active, d.product_active, d.kind, c.pushes, c.attempts;
end $$;
