-- A migration may be rolled back, also to a version that was retired meanwhile. Stripe lets nobody have an archived price, so
-- while a migration is rolled back to a version, that version counts as sold there; it is archived again afterwards.

create function is_sold_at_stripe(p_version plan_versions) returns boolean
language sql stable set search_path = public, pg_temp as $$
  select p_version.published_at is not null and (p_version.retired_at is null or exists (
    select from plan_migration_sources s join plan_migrations m on m.id = s.migration_id
    where s.plan_version_id = p_version.id and m.phase = 'rolling_back' and m.ended_at is null))
$$;
select close_function('is_sold_at_stripe(plan_versions)');

-- Whether nobody waits for one of these prices to come back.
create function are_sold_at_stripe(p_versions uuid[]) returns boolean
language sql stable set search_path = public, pg_temp as $$
  select not exists (
    select from stripe_catalogue where plan_version_id = any (p_versions) and pushed_active is false)
$$;
select close_function('are_sold_at_stripe(uuid[])');

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

-- What the comparison of subscriptions does not look at is not closed by it: a refund, and plans, which have a day of their own.
create or replace function close_unseen_drift(p_since timestamptz, p_by text, p_now timestamptz) returns bigint
language sql set search_path = public, pg_temp as $$
  with closed as (
    update drift_findings set state = 'resolved', closed_at = p_now, closed_by = p_by
    where state = 'open' and seen_at < p_since and kind not in ('extra_refunded', 'plan_differs')
    returning 1
  )
  select count(*) from closed
$$;
