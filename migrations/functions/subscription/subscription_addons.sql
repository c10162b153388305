-- callers: functions
-- never null: all
-- The add-ons of a subscription, one row for each.
--
-- kept_quantity: the units that a scheduled reduction keeps; as many as now, if none is scheduled.
create or replace function subscription_addons(s subscriptions)
returns table (plan_version_id uuid, quantity bigint, kept_quantity bigint) language sql stable as $$
  select (a.item ->> 'planVersionId')::uuid, (a.item ->> 'quantity')::bigint,
    case when s.pending_kind = 'scheduled' and s.pending_addons is not null then least((a.item ->> 'quantity')::bigint, coalesce((
      select sum((p.item ->> 'quantity')::bigint) from jsonb_array_elements(s.pending_addons) as p(item)
      where p.item ->> 'planVersionId' = a.item ->> 'planVersionId'), 0)::bigint)
    else (a.item ->> 'quantity')::bigint end
  from jsonb_array_elements(coalesce(s.addons, '[]')) as a(item)
$$;
