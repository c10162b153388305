-- may be null: p_statuses, p_users, p_since, p_before, p_after
-- Live subscriptions on these versions that pass the filter, in the order of their ids. A null argument is no filter.
--
-- p_since, p_before: created in this half-open interval.
-- p_after: the last id of the page before.
create or replace function list_migration_candidates(
  p_versions uuid[], p_statuses text[], p_users text[], p_since timestamptz, p_before timestamptz, p_after uuid,
  p_limit integer
) returns setof subscriptions language plpgsql stable
set search_path = public, pg_temp set plan_cache_mode = force_custom_plan as $$
begin
  return query
  select s.* from subscriptions s
  where s.plan_version_id = any (p_versions) and s.status not in ('canceled', 'incomplete_expired')
    and (p_after is null or s.id > p_after) and (p_statuses is null or s.status = any (p_statuses))
    and (p_users is null or s.user_id = any (p_users)) and (p_since is null or s.created_at >= p_since)
    and (p_before is null or s.created_at < p_before)
  order by s.id
  limit p_limit;
end $$;
