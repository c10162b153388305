-- Quota windows and the ledger of usage events. At all times, for each window,
-- feature_usage.used_amount = sum(usage_events.amount where outcome = 'allowed').

create table feature_usage (
  subscription_id uuid not null references subscriptions (id),
  feature_id uuid not null references features (id),
  window_start timestamptz not null,
  window_end timestamptz not null,
  used_amount bigint not null default 0,
  quota_limit bigint,
  primary key (subscription_id, feature_id, window_start),
  constraint window_is_half_open check (window_start < window_end),
  constraint usage_is_not_negative check (used_amount >= 0)
) with (fillfactor = 70); -- room on the page, so that counting up is a heap-only update

-- Partitioned by the month in which an event was accepted, so that old months are detached, not deleted.
-- An idempotency key is remembered for this month and the one before it.
create table usage_events (
  recorded_month date not null,
  subscription_id uuid not null,
  idempotency_key text not null,
  feature_id uuid not null,
  amount bigint not null,
  outcome text not null,
  reason text,
  window_start timestamptz not null,
  used_after bigint not null,
  occurred_at timestamptz not null,
  primary key (recorded_month, subscription_id, idempotency_key),
  constraint usage_outcome_is_known check (outcome in ('allowed', 'refused')),
  constraint refusals_have_a_reason check ((outcome = 'refused') = (reason is not null))
) partition by range (recorded_month);

create table usage_events_default partition of usage_events default;
create index usage_events_of_a_window on usage_events (subscription_id, feature_id, window_start);

-- Creates the partitions of the month of `p_now` and of the two after it. Running it twice does nothing.
-- A month whose events already lie in the default partition stays there.
create function ensure_usage_partitions(p_now timestamptz) returns void language plpgsql as $$
declare
  v_month date;
begin
  for i in 0..2 loop
    v_month := (date_trunc('month', p_now at time zone 'UTC') + make_interval(months => i))::date;
    if to_regclass('usage_events_' || to_char(v_month, 'YYYY_MM')) is null
       and not exists (select from usage_events_default where recorded_month = v_month) then
      execute format('create table if not exists %I partition of usage_events for values from (%L) to (%L)',
        'usage_events_' || to_char(v_month, 'YYYY_MM'), v_month, (v_month + interval '1 month')::date);
    end if;
  end loop;
end $$;
