-- never null: all
-- Limits what a customer holds (seats) to what a change of plan or quantity will leave, before the change is sent to
-- Stripe. Limits per quantity count, and those that add-ons raise, and only if the change lowers them: see `domain/usage/held-beyond.ts`.
--
-- Returns whether nothing is held beyond these limits. Otherwise it changes no limit. `restore_held_limits` undoes it, and
-- so does the next `save_subscription` of a subscription that has not changed.
-- p_addons: the add-ons after the change, `[{"planVersionId", "quantity"}]`.
-- Locks the subscription for share, then windows in the order of `consume_usage`: a seat is taken before, and counts, or
-- after, and finds the lower limit. Running it twice answers the same.
create or replace function narrow_held_limits(
  p_now timestamptz, p_subscription uuid, p_plan_version uuid, p_quantity bigint, p_addons jsonb
) returns boolean language plpgsql set search_path = public, pg_temp as $$
declare
  v_of subscriptions;
  v_windows jsonb;
begin
  select s.* into v_of from subscriptions s where s.id = p_subscription for share;
  with parts as (
    select pf.feature_id, pf.quota_limit, pf.per_quantity, p_quantity as units, pf.per_quantity as counts
    from plan_features pf where pf.plan_version_id = p_plan_version
    union all
    select pf.feature_id, pf.quota_limit, pf.per_quantity, (a.item ->> 'quantity')::bigint, true
    from jsonb_array_elements(p_addons) as a(item)
    join plan_features pf on pf.plan_version_id = (a.item ->> 'planVersionId')::uuid
    union all
    -- A feature that only an add-on brings has the limit 0 without it.
    select pf.feature_id, 0, false, 1, true
    from subscription_addons(v_of) a join plan_features pf on pf.plan_version_id = a.plan_version_id
  ), target as (
    select t.feature_id, case when not bool_or(t.quota_limit is null)
      then least(sum(usage_limit(t.quota_limit, case when t.per_quantity then t.units else 1 end)), 1000000000000000)::bigint
      end as quota_limit
    from parts t join features f on f.id = t.feature_id and f.type = 'allocated'
    group by t.feature_id having bool_or(t.counts)
  ), locked as materialized (
    select u.feature_id, u.window_start, u.used_amount, u.quota_limit as present_limit, t.quota_limit
    from feature_usage u join target t on t.feature_id = u.feature_id
    where u.subscription_id = v_of.usage_home and u.window_start <= p_now and p_now < u.window_end
      -- Another product line may decide about the feature.
      and exists (select from usage_plan_feature(v_of.usage_home, u.feature_id) d
        where d.plan_version_id = v_of.plan_version_id)
    order by u.feature_id, u.window_start
    for update of u
  )
  -- A reservation may still be settled, whatever the limit is by then.
  select jsonb_agg(to_jsonb(l) || jsonb_build_object('held_amount', l.used_amount + x.held_amount)) into v_windows
  from locked l
  cross join lateral usage_extras(p_now, v_of.user_id, v_of.usage_home, l.feature_id, l.window_start) x
  where l.present_limit is null or l.quota_limit < l.present_limit;
  if exists (
    select from jsonb_to_recordset(v_windows) as w(held_amount bigint, quota_limit bigint)
    where w.held_amount > w.quota_limit
  ) then
    return false;
  end if;
  update feature_usage u set quota_limit = w.quota_limit, alert_at = 0
  from jsonb_to_recordset(v_windows) as w(feature_id uuid, window_start timestamptz, quota_limit bigint)
  where u.subscription_id = v_of.usage_home and u.feature_id = w.feature_id and u.window_start = w.window_start;
  return true;
end $$;
