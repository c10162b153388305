-- Who may see what over PostgREST. The service (`service_role`) does all that the repositories do; an end user
-- (`authenticated`, named by the `sub` of the token) reads rows of their own; everybody (`anon`) the plans that are for sale.
-- All else is closed: each table has row-level security, and no function can be called by users. The owner of the tables,
-- whom the native repositories connect as, is not subject to any of this.
--
-- Supabase brings these roles. A plain Postgres gets them here, unable to log in; where this role may not create any, nobody
-- can be let in by them, and row-level security alone is on.

do $$
declare
  v_role text;
begin
  foreach v_role in array array['anon', 'authenticated', 'service_role'] loop
    begin
      if not exists (select from pg_roles where rolname = v_role) then
        execute format('create role %I nologin noinherit %s', v_role,
          case when v_role = 'service_role' then 'bypassrls' end);
      end if;
    exception
      -- Another database of this server was migrated in this moment.
      when duplicate_object or unique_violation then null;
      when insufficient_privilege then raise notice 'role % was not created', v_role;
    end;
  end loop;
end $$;

create function has_api_roles() returns boolean language sql stable set search_path = pg_catalog, pg_temp as $$
  select count(*) = 3 from pg_roles where rolname in ('anon', 'authenticated', 'service_role')
$$;

-- The application's own id of the user whose token came with the request; null without one.
create function requesting_user_id() returns text language sql stable set search_path = pg_catalog, pg_temp as $$
  select nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'
$$;

-- Closes a table to users. Supabase lets them at every new table, until it is told otherwise. Running it twice changes nothing.
create function close_table(p_table regclass) returns void language plpgsql set search_path = public, pg_temp as $$
begin
  execute format('alter table %s enable row level security', p_table);
  execute format('revoke all on table %s from public', p_table);
  if has_api_roles() then
    execute format('revoke all on table %s from anon, authenticated', p_table);
    execute format('grant select, insert, update, delete on table %s to service_role', p_table);
  end if;
end $$;

-- Closes a function to all but the service.
create function close_function(p_function regprocedure) returns void
language plpgsql set search_path = public, pg_temp as $$
begin
  execute format('revoke all on function %s from public', p_function);
  if has_api_roles() then
    execute format('revoke all on function %s from anon, authenticated', p_function);
    execute format('grant execute on function %s to service_role', p_function);
  end if;
end $$;

-- Lets users (and `anon`, when it is among the roles) read columns of a table, as far as a condition holds for a row.
create function open_columns(p_table regclass, p_columns text, p_roles text, p_condition text) returns void
language plpgsql set search_path = public, pg_temp as $$
begin
  if has_api_roles() then
    execute format('grant select (%s) on table %s to %s', p_columns, p_table, p_roles);
    execute format('create policy users_read on %s for select to %s using (%s)', p_table, p_roles, p_condition);
  end if;
end $$;

-- Partitions are tables too: each one is closed as it is made. What users may read of the ledger they read through it.
create or replace function ensure_usage_partitions(p_now timestamptz) returns void language plpgsql as $$
declare
  v_month date;
  v_name text;
begin
  for i in 0..2 loop
    v_month := (date_trunc('month', p_now at time zone 'UTC') + make_interval(months => i))::date;
    v_name := 'usage_events_' || to_char(v_month, 'YYYY_MM');
    if to_regclass(v_name) is null
       and not exists (select from usage_events_default where recorded_month = v_month) then
      execute format('create table if not exists %I partition of usage_events for values from (%L) to (%L)',
        v_name, v_month, (v_month + interval '1 month')::date);
      perform close_table(v_name::regclass);
    end if;
  end loop;
end $$;

-- By name, since an application may keep tables and functions of its own in this schema.
select close_table(t.name::regclass) from unnest(array[
  'api_keys', 'catalogue_changes', 'customers', 'drift_findings', 'feature_usage', 'features', 'idempotency_keys',
  'invoices', 'notices', 'operator_actions', 'plan_features', 'plan_migration_items', 'plan_migration_sources',
  'plan_migrations', 'plan_versions', 'plans', 'reconciliation_runs', 'reconciliation_seen', 'schema_migrations',
  'status_transitions', 'stripe_catalogue', 'stripe_events', 'stripe_prices', 'subscription_changes', 'subscriptions',
  'sync_cursors', 'usage_alerts', 'usage_events', 'usage_grant_draws', 'usage_grants', 'usage_overage_due',
  'usage_overage_reports', 'usage_overrides', 'usage_reservations'
]) as t(name);
select close_table(i.inhrelid) from pg_inherits i where i.inhparent = 'usage_events'::regclass;


do $$
begin
  if has_api_roles() then
    grant usage on schema public to anon, authenticated, service_role;
  end if;
end $$;

select close_function(p.oid) from pg_proc p
where p.pronamespace = 'public'::regnamespace and p.proname = any (array[
  'add_notices', 'add_subscription_changes', 'catalogue_version_as_json', 'choose_migration_canary',
  'claim_catalogue_pushes', 'claim_notices', 'claim_overage_reports', 'claim_stripe_events', 'claim_sync_cursor',
  'claim_usage_alerts', 'close_drift', 'close_function', 'close_table', 'close_unseen_drift', 'consume_usage',
  'consume_usage_in_turn', 'count_drift', 'count_rows', 'count_migration_attempt', 'count_usage', 'create_plan_migration',
  'cut_overage_report', 'draw_usage_grants', 'drop_usage_partitions', 'end_overage_attempt', 'ensure_usage_partitions',
  'fail_catalogue_push', 'find_api_key', 'find_plan_version', 'find_subscription_at_stripe',
  'find_drift', 'find_subscription_for_usage', 'settle_drift', 'finish_catalogue_push', 'finish_stripe_events', 'forget_idempotency_keys',
  'forget_stripe_customer', 'forget_stripe_payloads', 'grant_usage', 'had_trial', 'has_api_roles', 'has_stripe_fact',
  'hold_usage', 'json_instant', 'list_catalogue_at_stripe', 'list_catalogue_changes', 'list_catalogue_offers',
  'list_drift', 'list_ending_offers', 'list_invoices', 'list_live_subscriptions', 'list_migration_candidates',
  'list_migration_items', 'list_operator_actions', 'list_overage_due', 'list_plan_migrations', 'list_plans_on_sale', 'list_stripe_events',
  'list_usage_alerts', 'list_usage_grants', 'list_usage_overrides', 'map_stripe_price', 'next_usage_alert',
  'note_drift', 'open_columns', 'open_usage_windows', 'plan_version_as_json', 'prepare_usage_extra', 'read_catalogue',
  'record_stripe_customer', 'record_stripe_price', 'record_usage_alerts', 'redrive_stripe_events',
  'refuse_change_of_granted_feature', 'refuse_change_of_published_features', 'refuse_change_of_published_version',
  'refuse_change_of_sold_plan', 'refuse_impossible_transition', 'remove_usage_override', 'repeat_catalogue_push',
  'report_plan_migration', 'requesting_user_id', 'resolve_usage', 'revoke_api_key', 'revoke_usage_grant',
  'rotate_api_key', 'save_invoice', 'save_subscription', 'sell_plan_version', 'set_usage_override', 'settle_usage',
  'show_usage_hold', 'skip_usage_alerts', 'standing_migration_items', 'stripe_inbox_figures', 'tidy_usage_partitions',
  'upsert_customer', 'usage_after', 'usage_counter', 'usage_extras', 'usage_grant_as_json', 'usage_history', 'usage_override_as_json', 'usage_that_fits',
  'usage_own_left', 'usage_standings', 'write_catalogue', 'write_plan_version'
]);
do $$
begin
  if has_api_roles() then
    grant execute on function requesting_user_id() to authenticated;
    -- What changes the schema is its owner's alone.
    revoke all on function close_table(regclass), close_function(regprocedure), open_columns(regclass, text, text, text),
      ensure_usage_partitions(timestamptz), drop_usage_partitions(timestamptz, timestamptz) from service_role;
  end if;
end $$;

-- What a user may read, with the words that are for operators left out: reasons of grants, drift, keys of the service. The
-- user's id is asked for once per statement.
select open_columns('customers', 'user_id, email, locale, time_zone, created_at', 'authenticated',
  'user_id = (select requesting_user_id())');
select open_columns('subscriptions', 'id, user_id, product_line, plan_version_id, quantity, discount, status, anchor,
  period_start, period_end, trial_end, cancel_at, pending_kind, pending_plan_version_id, pending_at, pending_payment_url,
  resumes_at, past_due_since, ended_at, access_until, checkout_url, checkout_expires_at, created_at, updated_at',
  'authenticated', 'user_id = (select requesting_user_id())');
select open_columns('subscription_changes', 'subscription_id, seq, at, actor, kind, before, after, cause',
  'authenticated', 'exists (select from subscriptions s where s.id = subscription_id)');
select open_columns('invoices', 'id, subscription_id, number, status, currency, amount_due_minor, amount_paid_minor,
  period_start, period_end, attempt_count, next_payment_attempt, hosted_invoice_url, created_at, billing_reason,
  collection, paid_at, credited_minor, refunded_minor', 'authenticated',
  'status not in (''draft'', ''deleted'') and exists (select from subscriptions s where s.id = subscription_id)');
select open_columns('feature_usage', 'subscription_id, feature_id, window_start, window_end, used_amount, quota_limit,
  rolled_in_amount, rolled_out_amount, granted_amount, overage_amount', 'authenticated',
  'exists (select from subscriptions s where s.id = subscription_id)');
select open_columns('usage_events', 'subscription_id, feature_id, amount, outcome, reason, window_start, used_after,
  occurred_at, granted_amount, overage_amount', 'authenticated',
  'exists (select from subscriptions s where s.id = subscription_id)');
select open_columns('usage_reservations', 'id, subscription_id, feature_id, window_start, amount, state,
  settled_amount, expires_at, created_at, closed_at', 'authenticated',
  'exists (select from subscriptions s where s.id = subscription_id)');
select open_columns('usage_grants', 'id, user_id, feature_id, amount, used_amount, expires_at, created_at, revoked_at',
  'authenticated', 'user_id = (select requesting_user_id())');
select open_columns('usage_overrides', 'user_id, feature_id, quota_limit, expires_at, created_at', 'authenticated',
  'user_id = (select requesting_user_id())');
-- Everybody sees what is on sale; a user also what they have, and what is offered to them alone.
select open_columns('plan_versions', 'id, plan_id, version, period, price_minor, currency, trial_days, active',
  'anon, authenticated', 'active and custom_for is null and published_at is not null');
do $$
begin
  if has_api_roles() then
    create policy users_read_their_own on plan_versions for select to authenticated using (published_at is not null and (
      active and custom_for = (select requesting_user_id())
      or exists (select from subscriptions s where s.plan_version_id = plan_versions.id)));
  end if;
end $$;
select open_columns('plans', 'id, slug, name, product_line, rank', 'anon, authenticated',
  'exists (select from plan_versions v where v.plan_id = plans.id)');
select open_columns('plan_features', 'plan_version_id, feature_id, quota_limit, reset, overage, rollover_max',
  'anon, authenticated', 'exists (select from plan_versions v where v.id = plan_version_id)');
select open_columns('features', 'id, code, name, type, unit', 'anon, authenticated',
  'exists (select from plan_features pf where pf.feature_id = features.id)');
