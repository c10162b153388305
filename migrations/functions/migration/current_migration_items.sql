-- callers: functions
-- The items of a migration as they are now. A scheduled change that has happened since counts as moved, and one that
-- was never paid as kept, although nobody wrote that down.
create or replace function current_migration_items(p_migration uuid) returns setof plan_migration_items
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
