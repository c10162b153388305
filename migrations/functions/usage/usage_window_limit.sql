-- callers: functions
-- may be null: p_limit
-- The part of a window's limit that the plan gives (`usage_pooled_limit` adds the add-ons): the plan's limit of one unit, for the units of `usage_units`; null is
-- unlimited.
--
-- A change to another plan that is scheduled limits what is held (seats) at once, as a reduction of the quantity does:
-- otherwise more could be held until the change, and kept afterwards.
create or replace function usage_window_limit(s subscriptions, p_feature uuid, p_start timestamptz, p_limit bigint)
returns bigint language sql stable as $$
  select least(usage_limit(p_limit, usage_units(s, p_feature, p_start)), (
    select usage_limit(pf.quota_limit, s.pending_quantity)
    from plan_features pf join features f on f.id = pf.feature_id
    where s.pending_kind = 'scheduled' and s.pending_plan_version_id <> s.plan_version_id
      and pf.plan_version_id = s.pending_plan_version_id and pf.feature_id = p_feature
      and pf.per_quantity and f.type = 'allocated'
  ))
$$;
