-- callers: functions
-- The limit of a feature in a window that starts at `p_start`: those of the plan and of its add-ons together, at most 10^15.
-- Null is unlimited, which wins.
--
-- An add-on counts as `usage_units` describes it for the plan: not for metered usage in a trial, because nothing is paid yet, and
-- a scheduled reduction counts from its instant, but at once for what is held (seats).
create or replace function usage_pooled_limit(s subscriptions, p_feature uuid, p_start timestamptz) returns bigint
language sql stable as $$
  select case when coalesce(bool_or(t.is_unlimited), false) then null
    else least(coalesce(sum(t.amount), 0), 1000000000000000)::bigint end
  from (
    select pf.quota_limit is null as is_unlimited,
      usage_window_limit(s, p_feature, p_start, pf.quota_limit) as amount
    from plan_features pf where pf.plan_version_id = s.plan_version_id and pf.feature_id = p_feature
    union all
    select pf.quota_limit is null, usage_limit(pf.quota_limit, case when pf.per_quantity then c.counted else 1 end)
    from subscription_addons(s) a
    join plan_features pf on pf.plan_version_id = a.plan_version_id and pf.feature_id = p_feature
    join features f on f.id = pf.feature_id
    cross join lateral (
      select case
        when s.status = 'trialing' and f.type = 'metered' then 0
        when f.type = 'allocated' or s.pending_at <= p_start then a.kept_quantity
        else a.quantity end as counted
    ) c
    where c.counted > 0
  ) t
$$;
