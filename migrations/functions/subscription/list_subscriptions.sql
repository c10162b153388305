-- may be null: p_status, p_plan, p_user, p_drift, p_after
-- Subscriptions, newest first. A null argument is no filter.
--
-- p_plan: a slug.
-- p_drift: with or without a difference from Stripe.
-- p_after: the last subscription of the page before.
create or replace function list_subscriptions(
  p_status text, p_plan text, p_user text, p_drift boolean, p_after uuid, p_limit integer
) returns setof subscriptions language plpgsql stable
set search_path = public, pg_temp set plan_cache_mode = force_custom_plan as $$
begin
  return query
  select s.* from subscriptions s
  where (p_status is null or s.status = p_status) and (p_user is null or s.user_id = p_user)
    and (p_drift is null or (s.drift is not null) = p_drift)
    and (p_plan is null or s.plan_version_id in (
      select v.id from plan_versions v join plans p on p.id = v.plan_id where p.slug = p_plan))
    and (p_after is null or (s.created_at, s.id) < (
      select a.created_at, a.id from subscriptions a where a.id = p_after))
  order by s.created_at desc, s.id desc
  limit p_limit;
end $$;
