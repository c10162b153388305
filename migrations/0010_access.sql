-- The rights to read over PostgREST. The service (`service_role`) does everything that the repositories do; a user
-- (`authenticated`, named by the token's `sub`) reads their own rows; everybody (`anon`) reads the plans on sale.
-- Everything else is closed: every table has row-level security, and users can call no function. The owner of the tables, as
-- whom the service connects without PostgREST, is not subject to any of this.
--
-- Supabase brings these roles. A plain Postgres gets them here, unable to log in. If the owner may not create roles, nothing is
-- granted to anybody, and row-level security alone is on.

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
      -- Another database of this server is being migrated at the same time.
      when duplicate_object or unique_violation then null;
      when insufficient_privilege then raise notice 'role % was not created', v_role;
    end;
  end loop;
  if has_api_roles() then
    grant usage on schema public to anon, authenticated, service_role;
  end if;
end $$;

-- By name, because an application may keep tables of its own in this schema.
select close_table(t.name::regclass) from unnest(array[
  'api_keys', 'catalogue_changes', 'customers', 'drift_findings', 'feature_usage', 'features', 'idempotency_keys',
  'invoices', 'notices', 'operator_actions', 'plan_features', 'plan_migration_items', 'plan_migration_sources',
  'plan_migrations', 'plan_versions', 'plans', 'reconciliation_runs', 'reconciliation_seen', 'schema_functions',
  'schema_migrations', 'status_transitions', 'stripe_catalogue', 'stripe_events', 'stripe_pace', 'stripe_prices',
  'subscription_changes', 'subscriptions', 'sync_cursors', 'usage_alerts', 'usage_events', 'usage_events_default',
  'usage_grant_draws', 'usage_grants', 'usage_overage_due', 'usage_overage_reports', 'usage_overrides',
  'usage_reservations', 'webhook_deliveries', 'webhook_endpoints', 'webhook_events'
]) as t(name);

-- The columns that a user may read, without the words meant for operators: reasons of grants, drift, idempotency keys.
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

-- Everybody sees what is on sale. A user also sees the versions that they have, and those offered to them alone.
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
