-- What is asked of plan migrations, as named functions.

-- The newest first; null matters not.
create function list_plan_migrations(p_id uuid, p_is_running boolean, p_limit integer) returns setof jsonb
language sql stable set search_path = public, pg_temp as $$
  select to_jsonb(m) || jsonb_build_object('sources', coalesce((
    select jsonb_agg(s.plan_version_id order by s.plan_version_id) from plan_migration_sources s
    where s.migration_id = m.id), '[]'))
  from plan_migrations m
  where (p_id is null or m.id = p_id) and (p_is_running is null or (m.ended_at is null) = p_is_running)
  order by m.created_at desc
  limit p_limit
$$;

-- Begins a migration, and answers `created`; or `repeated` when it began before: then it stays as it is. `p_running` are those
-- that the caller saw running beside it: `outdated`, and nothing is written, when others run by now and the caller must look
-- again. One after the other: each sees all that run.
create function create_plan_migration(p_row jsonb, p_sources uuid[], p_running uuid[]) returns text
language plpgsql set search_path = public, pg_temp as $$
declare
  r plan_migrations := jsonb_populate_record(null::plan_migrations, p_row);
begin
  lock table plan_migrations in share row exclusive mode;
  if exists (select from plan_migrations m where m.id = r.id) then
    return 'repeated';
  end if;
  if not r.dry_run and exists (
    select from plan_migrations m where m.ended_at is null and not m.dry_run and not m.id = any (p_running)
  ) then
    return 'outdated';
  end if;
  insert into plan_migrations select r.*;
  insert into plan_migration_sources (migration_id, plan_version_id) select r.id, s from unnest(p_sources) as s;
  return 'created';
end $$;

-- Those who have these versions and pass the filter, by id; null matters not.
create function list_migration_candidates(
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

-- Chooses the share that is moved first, the same one each time; answers how many.
create function choose_migration_canary(p_migration uuid, p_percent integer) returns bigint
language sql set search_path = public, pg_temp as $$
  with ranked as (
    select i.subscription_id, count(*) over () as total,
      row_number() over (order by md5(i.migration_id::text || i.subscription_id::text)) as rank
    from plan_migration_items i where i.migration_id = p_migration and i.verdict = 'moves'
  ), chosen as (
    update plan_migration_items i set canary = true from ranked r
    where i.migration_id = p_migration and i.subscription_id = r.subscription_id
      and r.rank <= ceil(r.total * p_percent::numeric / 100)
    returning 1
  )
  select count(*) from chosen
$$;

create function count_migration_attempt(p_migration uuid, p_subscription uuid) returns integer
language sql set search_path = public, pg_temp as $$
  update plan_migration_items set attempts = attempts + 1
  where migration_id = p_migration and subscription_id = p_subscription
  returning attempts
$$;

-- The items of a migration as they stand now: what was scheduled has happened by time, and what was not paid was given up,
-- without anybody telling the migration.
create function standing_migration_items(p_migration uuid) returns setof plan_migration_items
language sql stable as $$
  select i.migration_id, i.subscription_id, i.from_version_id, i.verdict, i.canary,
    case
      when i.state in ('scheduled', 'awaiting_payment') and s.plan_version_id = m.to_version_id then 'moved'
      when i.state in ('scheduled', 'awaiting_payment') and s.pending_plan_version_id is distinct from m.to_version_id
        then 'kept'
      else i.state
    end,
    case
      when i.state in ('scheduled', 'awaiting_payment') and s.plan_version_id <> m.to_version_id
        and s.pending_plan_version_id is distinct from m.to_version_id then 'given_up'
      else i.reason
    end,
    i.attempts, i.currency, i.before_minor, i.after_minor, i.now_minor, i.updated_at
  from plan_migration_items i
  join plan_migrations m on m.id = i.migration_id
  join subscriptions s on s.id = i.subscription_id
  where i.migration_id = p_migration
$$;

create function list_migration_items(p_migration uuid, p_state text, p_after uuid, p_limit integer)
returns setof plan_migration_items language sql stable set search_path = public, pg_temp as $$
  select i.* from standing_migration_items(p_migration) i
  where (p_state is null or i.state = p_state) and (p_after is null or i.subscription_id > p_after)
  order by i.subscription_id
  limit p_limit
$$;

-- How many subscriptions stand where, and what those that move are about in money.
create function report_plan_migration(p_migration uuid) returns jsonb
language sql stable set search_path = public, pg_temp as $$
  select jsonb_build_object(
    'states', coalesce((
      select jsonb_agg(jsonb_build_object('state', c.state, 'reason', c.reason, 'count', c.count)
        order by c.count desc, c.state, c.reason)
      from (
        select i.state, i.reason, count(*) as count from standing_migration_items(p_migration) i group by 1, 2
      ) c), '[]'),
    'money', coalesce((
      select jsonb_agg(jsonb_build_object('currency', c.currency, 'subscriptions', c.subscriptions,
        'beforeMinor', c.before, 'afterMinor', c.after, 'nowMinor', c.now) order by c.currency)
      from (
        select i.currency, count(*) as subscriptions, sum(i.before_minor)::bigint as before,
          sum(i.after_minor)::bigint as after, sum(i.now_minor)::bigint as now
        from plan_migration_items i where i.migration_id = p_migration and i.verdict = 'moves' group by 1
      ) c), '[]'),
    'canary', (
      select count(*) from plan_migration_items i
      where i.migration_id = p_migration and i.verdict = 'moves' and i.canary))
$$;

-- As many rows as are asked for, to see whether they arrive.
create function count_rows(p_count integer) returns table (number integer)
language sql stable set search_path = public, pg_temp as $$
  select n from generate_series(1, p_count) as n
$$;
