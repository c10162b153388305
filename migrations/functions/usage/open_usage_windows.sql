-- may be null: p_limits[]
-- Opens windows, given in order of time: those that hold `p_at` and, where quota rolls over, those before.
--
-- Windows of a feature never overlap: an open window stays, and a new one begins where an earlier one ended. A new
-- window takes what its predecessor left, and the predecessor loses it, so a late event cannot use it a second time.
-- A window of a free plan lasts its whole length, also when it begins at the end of another: otherwise a customer who
-- begins again and again would get a full allowance for the rest of a window each time.
-- p_limits: not used; `usage_pooled_limit` knows the limits.
-- p_rollovers: of one unit; see `usage_units`.
-- Features that another live subscription of the customer decides are left to it.
-- Does nothing if the subscription has another plan version by now.
-- Running it twice opens nothing.
-- Locks the subscription for share, then windows in the order of `consume_usage`: a change of plan or a new grant
-- holds the subscription, so a new window cannot miss it.
create or replace function open_usage_windows(
  p_now timestamptz, p_at timestamptz, p_subscription uuid, p_plan_version uuid, p_features uuid[],
  p_starts timestamptz[], p_ends timestamptz[], p_limits bigint[], p_rollovers bigint[]
) returns void language plpgsql as $$
declare
  v_of subscriptions;
  v_units bigint;
  v_user text;
  v_home uuid;
  v_is_free boolean;
  v_anchor timestamptz;
  w record;
  v_start timestamptz;
  v_end timestamptz;
  v_before feature_usage;
  v_extras record;
  v_rolled bigint;
begin
  -- In the rest of a period that a pause has moved, the anchor lies ahead.
  select s.* into v_of from subscriptions s
  where s.id = p_subscription and s.plan_version_id = p_plan_version for share;
  if not found then
    return;
  end if;
  v_user := v_of.user_id; v_home := v_of.usage_home;
  v_anchor := case when v_of.status = 'active' and v_of.anchor > p_now then '-infinity' else v_of.anchor end;
  select v.price_minor = 0 into v_is_free from plan_versions v where v.id = p_plan_version;
  for w in
    select i.*, i.window_start <= p_at and p_at < i.window_end as is_wanted
    from unnest(p_features, p_starts, p_ends, p_limits, p_rollovers)
      as i(feature_id, window_start, window_end, quota_limit, rollover_max)
    order by 1, 2
  loop
    continue when exists (
      select from usage_plan_feature(v_home, w.feature_id) pf where pf.plan_version_id <> p_plan_version);
    continue when exists (
      select from feature_usage u
      where u.subscription_id = v_home and u.feature_id = w.feature_id and case
        when w.is_wanted then u.window_start <= p_at and p_at < u.window_end
        else u.window_start < w.window_end and u.window_end > w.window_start end);
    select greatest(w.window_start, max(u.window_end)) into v_start from feature_usage u
    where u.subscription_id = v_home and u.feature_id = w.feature_id and u.window_end > w.window_start
      and u.window_end <= p_at and u.window_end < w.window_end;
    v_end := w.window_end;
    if v_is_free and w.is_wanted and v_start > w.window_start then
      v_end := v_start + (w.window_end - w.window_start);
    end if;
    v_units := usage_units(v_of, w.feature_id, v_start);
    v_rolled := 0;
    if w.rollover_max > 0 then
      select u.* into v_before from feature_usage u
      where u.subscription_id = v_home and u.feature_id = w.feature_id and u.window_end = v_start
        and (u.window_end > v_anchor or u.stopped_end is not null)
      order by u.window_start desc limit 1 for update;
      if found then
        v_extras := usage_extras(p_now, v_user, v_home, w.feature_id, v_before.window_start);
        v_rolled := least(usage_limit(w.rollover_max, v_units), coalesce(usage_left(usage_own_left(v_before,
          case when v_extras.is_overridden then v_extras.override_limit else v_before.quota_limit end),
          0, v_extras.held_amount), 0));
      end if;
    end if;
    insert into feature_usage (subscription_id, feature_id, window_start, window_end, quota_limit, rolled_in_amount,
      has_extras)
    values (v_home, w.feature_id, v_start, v_end, usage_pooled_limit(v_of, w.feature_id, v_start), v_rolled,
      exists (select from usage_grants g where g.user_id = v_user and g.feature_id = w.feature_id)
      or exists (select from usage_overrides o where o.user_id = v_user and o.feature_id = w.feature_id))
    on conflict do nothing;
    if found and v_rolled > 0 then
      update feature_usage u set rolled_out_amount = u.rolled_out_amount + v_rolled
      where u.subscription_id = v_home and u.feature_id = w.feature_id
        and u.window_start = v_before.window_start;
    end if;
  end loop;
end $$;
