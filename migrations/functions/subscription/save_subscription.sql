-- may be null: p_end_windows_at, p_alert, p_decision
-- never null: all
-- Writes one step of a subscription (row, timeline, letters, windows, alert, events of Stripe's) in one transaction.
--
-- Returns false, and writes nothing, if another write came after `p_seq`.
-- A pause stops the windows of the plan's features; what follows it lets them continue.
-- p_windows: windows to open. Open windows get the limits of the customer's present plans
-- and quantities, and what was used stays.
-- p_end_windows_at: windows of the plan's features that are open then end then.
-- p_alert: the usage alert that this step has processed.
-- p_events: events of Stripe's that this step has processed.
-- p_decision: {rule, build, body}, why this step was made; null if it changed nothing.
-- Locks the subscription first, then windows in the order of `consume_usage`.
create or replace function save_subscription(
  p_row jsonb, p_seq bigint, p_now timestamptz, p_changes jsonb, p_notices jsonb, p_windows jsonb,
  p_end_windows_at timestamptz, p_alert jsonb, p_events text[],
  p_decision jsonb
) returns boolean language plpgsql set search_path = public, pg_temp as $$
declare
  r subscriptions := jsonb_populate_record(null::subscriptions, p_row);
  v_home uuid;
  v_paused_at timestamptz;
  v_period_end timestamptz;
  v_last bigint;
  v_entries bigint;
begin
  select s.paused_at, s.period_end into v_paused_at, v_period_end from subscriptions s
  where s.id = r.id and s.observed_seq = p_seq for update;
  update subscriptions set user_id = r.user_id, product_line = r.product_line, plan_version_id = r.plan_version_id,
    quantity = r.quantity, discount = r.discount, status = r.status, anchor = r.anchor, period_start = r.period_start,
    period_end = r.period_end, trial_end = r.trial_end, cancel_at = r.cancel_at, pending_kind = r.pending_kind,
    pending_plan_version_id = r.pending_plan_version_id, pending_quantity = r.pending_quantity,
    pending_addons = r.pending_addons, pending_at = r.pending_at,
    pending_payment_url = r.pending_payment_url, resumes_at = r.resumes_at, paused_at = r.paused_at,
    past_due_since = r.past_due_since, payment_processing = r.payment_processing, collection_pause = r.collection_pause,
    collection_resumes_at = r.collection_resumes_at, collection_paid_until = r.collection_paid_until,
    ended_at = r.ended_at, access_until = r.access_until, checkout_session_id = r.checkout_session_id,
    checkout_url = r.checkout_url, checkout_expires_at = r.checkout_expires_at,
    checkout_plan_version_id = r.checkout_plan_version_id, checkout_generation = r.checkout_generation,
    stripe_subscription_id = r.stripe_subscription_id,
    -- A process of the previous release sends no items.
    stripe_item_id = case when r.foreign_items is null then subscriptions.stripe_item_id else r.stripe_item_id end,
    foreign_items = coalesce(r.foreign_items, subscriptions.foreign_items),
    addons = coalesce(r.addons, subscriptions.addons), drift = r.drift, observed_seq = p_seq + 1, updated_at = p_now
  where id = r.id and observed_seq = p_seq
  returning usage_home into v_home;
  if not found then
    return false;
  end if;
  select coalesce(max(l.seq), 0) into v_last from subscription_changes l where l.subscription_id = r.id;
  perform add_subscription_changes(r.id, p_changes);
  if p_decision is not null and p_decision <> 'null' then
    v_entries := (select count(*) from jsonb_array_elements(p_changes) c where c ->> 'kind' is not null);
    insert into decisions (subscription_id, seq, at, rule, build, first_entry, last_entry, body)
    values (r.id, p_seq + 1, p_now, p_decision ->> 'rule', p_decision ->> 'build',
      case when v_entries > 0 then v_last + 1 end, case when v_entries > 0 then v_last + v_entries end,
      decode(p_decision ->> 'body', 'base64'));
  end if;
  perform add_notices(r.id, p_notices, p_now);
  if v_paused_at is not null and r.paused_at is null then
    -- As long as the period stood still, where it continues; else as long as the pause lasted.
    perform run_usage_windows_on(v_home, p_now, case
      when r.ended_at is null and r.period_end > v_period_end and r.period_end - v_period_end < p_now - v_paused_at
        then r.period_end - v_period_end
      else p_now - v_paused_at end, p_windows);
  end if;
  -- Windows that never reset (seats that are held) stay open.
  update feature_usage set window_end = p_end_windows_at, former_end = greatest(former_end, window_end)
  where subscription_id = v_home and window_start < p_end_windows_at and window_end > p_end_windows_at
    and window_end < '9999-12-31T00:00:00Z'
    and (exists (select from plan_features pf
        where pf.plan_version_id = r.plan_version_id and pf.feature_id = feature_usage.feature_id)
      or exists (select from usage_addon_feature(r, feature_usage.feature_id)));
  perform open_usage_windows(p_now, p_now, r.id, r.plan_version_id, array_agg(w.feature_id), array_agg(w.starts),
    array_agg(w.ends), array_agg(w.quota_limit), array_agg(w.rollover_max))
  from jsonb_to_recordset(p_windows)
    as w(feature_id uuid, starts timestamptz, ends timestamptz, quota_limit bigint, rollover_max bigint)
  having count(*) > 0;
  if v_paused_at is null and r.paused_at is not null then
    perform stop_usage_windows(v_home, r.plan_version_id, p_now);
  end if;
  perform apply_usage_limits(p_now, v_home);
  update usage_alerts a set state = 'told'
  from jsonb_to_record(p_alert) as t(feature_id uuid, window_start timestamptz, threshold integer, quota_limit bigint)
  where a.subscription_id = v_home and a.feature_id = t.feature_id and a.window_start = t.window_start
    -- The release before names no limit.
    and a.threshold = t.threshold and a.quota_limit = coalesce(t.quota_limit, a.quota_limit);
  perform finish_stripe_events(r.id, p_events);
  return true;
end $$;

-- A process of the release before records no decision.
create or replace function save_subscription(
  p_row jsonb, p_seq bigint, p_now timestamptz, p_changes jsonb, p_notices jsonb, p_windows jsonb,
  p_end_windows_at timestamptz, p_alert jsonb, p_events text[]
) returns boolean language sql set search_path = public, pg_temp as $$
  select save_subscription(p_row, p_seq, p_now, p_changes, p_notices, p_windows, p_end_windows_at, p_alert, p_events, null)
$$;
