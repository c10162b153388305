-- callers: functions
-- never null: all
-- Callers ask only for a subscription that has add-ons: it sets a search_path, so Postgres does not plan it with every query.
-- The price of a subscription's add-ons for one period, in minor units. An add-on has the currency and the period of its plan.
create or replace function addons_minor(p_addons jsonb) returns bigint language sql stable set search_path = public, pg_temp as $$
  select coalesce(sum(v.price_minor * (a.item ->> 'quantity')::bigint), 0)::bigint
  from jsonb_array_elements(p_addons) as a(item)
  join plan_versions v on v.id = (a.item ->> 'planVersionId')::uuid
$$;
