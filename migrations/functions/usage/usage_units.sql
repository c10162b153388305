-- callers: functions
-- never null: all
-- By how many units a feature's limit counts in a window that starts at `p_start`: 1, unless the limit is per quantity.
--
-- During a trial a metered limit is that of one unit: nothing is paid yet, whatever the quantity.
-- A scheduled reduction counts for windows that start at its instant or later, also before the renewal is known here. For
-- what is held (seats) it counts at once: otherwise more could be held until the reduction, and kept afterwards.
create or replace function usage_units(s subscriptions, p_feature uuid, p_start timestamptz) returns bigint
language sql stable as $$
  select coalesce((
    select case
      when s.status = 'trialing' and f.type = 'metered' then 1
      when s.pending_kind = 'scheduled' and s.pending_plan_version_id = s.plan_version_id
        and (f.type = 'allocated' or s.pending_at <= p_start) then least(s.quantity, s.pending_quantity)
      else s.quantity end
    from plan_features pf join features f on f.id = pf.feature_id
    where pf.plan_version_id = s.plan_version_id and pf.feature_id = p_feature and pf.per_quantity
  ), 1)::bigint
$$;
