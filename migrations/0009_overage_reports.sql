-- Billed overage, as Stripe's meters are told of it. A report is written before it is sent, under an identifier made of
-- subscription, feature, window and sequence, so that sending it again counts nothing twice. For each window, the sum of
-- its reports is feature_usage.reported_amount.

-- What Stripe calls the events of a feature's meter; null is the feature's code.
alter table features add column meter_event_name text;

create table usage_overage_reports (
  subscription_id uuid not null references subscriptions (id),
  feature_id uuid not null references features (id),
  window_start timestamptz not null,
  sequence integer not null,
  amount bigint not null,
  occurred_at timestamptz not null,
  state text not null default 'pending',
  attempts integer not null default 0,
  first_attempt_at timestamptz,
  due_at timestamptz not null,
  last_error text,
  created_at timestamptz not null,
  reported_at timestamptz,
  primary key (subscription_id, feature_id, window_start, sequence),
  constraint report_state_is_known check (state in ('pending', 'reported', 'failed')),
  constraint report_is_not_empty check (amount <> 0),
  constraint reported_exactly_at_an_instant check ((state = 'reported') = (reported_at is not null))
);
create index usage_overage_reports_to_send on usage_overage_reports (due_at) where state = 'pending';

-- Turns what a window's billed overage changed by into a report. Locks the window first, as consume_usage does, so what
-- is counted meanwhile is due again afterwards. Running it twice finds nothing left.
create function cut_overage_report(p_now timestamptz, p_subscription uuid, p_feature uuid, p_start timestamptz)
returns boolean language plpgsql as $$
declare
  u feature_usage;
begin
  select w.* into u from feature_usage w
  where w.subscription_id = p_subscription and w.feature_id = p_feature and w.window_start = p_start for update;
  delete from usage_overage_due d
  where d.subscription_id = p_subscription and d.feature_id = p_feature and d.window_start = p_start;
  if u.subscription_id is null or u.billed_amount = u.reported_amount then
    return false;
  end if;
  insert into usage_overage_reports (subscription_id, feature_id, window_start, sequence, amount, occurred_at, due_at,
    created_at)
  select p_subscription, p_feature, p_start, coalesce(max(r.sequence), 0) + 1, u.billed_amount - u.reported_amount,
    -- Within the window, so that Stripe bills it with the period of its usage.
    greatest(u.window_start, least(p_now, u.window_end - interval '1 second')), p_now, p_now
  from usage_overage_reports r
  where r.subscription_id = p_subscription and r.feature_id = p_feature and r.window_start = p_start;
  update feature_usage w set reported_amount = u.billed_amount
  where w.subscription_id = p_subscription and w.feature_id = p_feature and w.window_start = p_start;
  return true;
end $$;
