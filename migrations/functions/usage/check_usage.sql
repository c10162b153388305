-- never null: ordinal
-- The decision of `consume_usage` for any number of questions, read in one statement without a lock. Nothing is counted.
--
-- p_users, p_features: one entry per question.
-- Returns one row per question: the obstacle, or the counter and the plan's rule beyond its limit (`refuse`, `allow`,
-- `bill`). The obstacle `window_missing` means that the counter has no open window yet.
create or replace function check_usage(p_now timestamptz, p_users text[], p_features text[]) returns table (
  ordinal integer, obstacle text, subscription_id uuid, overage text, used_amount bigint, quota_limit bigint, remaining bigint,
  window_start timestamptz, window_end timestamptz
) language plpgsql stable
-- As for consume_usage: each row is found by its key, however small the tables were when the plan was made.
set search_path = public, pg_temp
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
  return query
  select q.ordinal::integer, coalesce(r.obstacle, case when u.window_start is null then 'window_missing' end),
    r.subscription_id, r.overage, u.used_amount, l.quota_limit,
    usage_left(usage_own_left(u.counter, l.quota_limit), coalesce(x.granted_left, 0), coalesce(x.held_amount, 0)),
    u.window_start, u.window_end
  from unnest(p_users, p_features) with ordinality as q(user_id, feature, ordinal)
  cross join lateral resolve_usage(p_now, q.user_id, q.feature) r
  left join subscriptions s on s.id = r.subscription_id
  left join lateral (
    select c as counter, c.* from feature_usage c
    where r.obstacle is null and c.subscription_id = s.usage_home and c.feature_id = r.feature_id
      and c.window_start <= p_now and p_now < c.window_end
    order by c.window_start desc limit 1
  ) u on true
  -- The limit of one row keeps this a step of its own, which runs for windows with extras alone.
  left join lateral (
    select x.* from usage_extras(p_now, q.user_id, s.usage_home, r.feature_id, u.window_start) x
    where u.has_extras limit 1
  ) x on true
  cross join lateral (select case when x.is_overridden then x.override_limit else u.quota_limit end as quota_limit) l;
end $$;
