-- never null: all
-- How many subscriptions are in which state, and what the move means in money, per currency.
create or replace function report_plan_migration(p_migration uuid) returns jsonb
language sql stable set search_path = public, pg_temp as $$
  select jsonb_build_object(
    'states', coalesce((
      select jsonb_agg(jsonb_build_object('state', c.state, 'reason', c.reason, 'count', c.count)
        order by c.count desc, c.state, c.reason)
      from (
        select i.state, i.reason, count(*) as count from current_migration_items(p_migration) i group by 1, 2
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
