-- What may be added to a window's own limit: an override of it, what was left of the window before, grants. A window
-- without any of these is decided by its own row alone; `has_extras` says where more must be looked up.
--
-- Burn order: the window's own limit (with what rolled over) first, then grants, the one that expires first first, then
-- overage where the plan allows it. What is given back goes the other way.

alter table plan_features
  add column rollover_max bigint,
  add constraint rollover_is_not_negative check (rollover_max is null or rollover_max >= 0);

alter table customers add column time_zone text;

alter table feature_usage
  -- Of the window before; and of this one, what the next one took over.
  add column rolled_in_amount bigint not null default 0,
  add column rolled_out_amount bigint not null default 0,
  -- Of `used_amount`: what grants cover, what lies beyond all limits, and what of that is billed.
  add column granted_amount bigint not null default 0,
  add column overage_amount bigint not null default 0,
  add column billed_amount bigint not null default 0,
  -- Of `billed_amount`: what was put into a report.
  add column reported_amount bigint not null default 0,
  -- Grants, an override or reservations exist, or once did. Never false while one does.
  add column has_extras boolean not null default false,
  -- Below this amount no alert is due; null is never. Zero makes the next event look.
  add column alert_at bigint default 0,
  add constraint usage_is_the_sum_of_its_parts check (
    granted_amount >= 0 and overage_amount >= 0 and billed_amount between 0 and overage_amount
    and granted_amount + overage_amount <= used_amount),
  add constraint rollover_of_a_window_is_not_negative check (rolled_in_amount >= 0 and rolled_out_amount >= 0);

alter table usage_events
  add column granted_amount bigint not null default 0,
  add column overage_amount bigint not null default 0,
  add column billed_amount bigint not null default 0,
  -- As the caller was told; null is unlimited.
  add column remaining_after bigint;

-- History asks by time; nothing asks by window.
drop index usage_events_of_a_window;
create index usage_events_of_a_feature on usage_events (subscription_id, feature_id, occurred_at);

create table usage_overrides (
  user_id text not null references customers (user_id),
  feature_id uuid not null references features (id),
  quota_limit bigint,
  expires_at timestamptz,
  reason text not null,
  created_at timestamptz not null,
  primary key (user_id, feature_id),
  constraint override_is_not_negative check (quota_limit is null or quota_limit >= 0)
);

create table usage_grants (
  id uuid primary key,
  user_id text not null references customers (user_id),
  feature_id uuid not null references features (id),
  amount bigint not null,
  used_amount bigint not null default 0,
  expires_at timestamptz,
  reason text not null,
  created_at timestamptz not null,
  revoked_at timestamptz,
  constraint grant_is_positive check (amount > 0),
  constraint grant_is_not_overdrawn check (used_amount between 0 and amount)
);
create index usage_grants_of_a_user on usage_grants (user_id, feature_id, expires_at);

-- Which window drew how much on which grant. For each grant and each window, the sum is its counter.
create table usage_grant_draws (
  grant_id uuid not null references usage_grants (id),
  subscription_id uuid not null,
  feature_id uuid not null,
  window_start timestamptz not null,
  amount bigint not null,
  primary key (grant_id, subscription_id, window_start),
  constraint draw_is_not_negative check (amount >= 0)
);
create index usage_grant_draws_of_a_window on usage_grant_draws (subscription_id, feature_id, window_start);

create table usage_reservations (
  id uuid primary key,
  subscription_id uuid not null references subscriptions (id),
  feature_id uuid not null references features (id),
  window_start timestamptz not null,
  idempotency_key text not null,
  amount bigint not null,
  state text not null default 'held',
  settled_amount bigint,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  closed_at timestamptz,
  constraint reservation_key_is_one_reservation unique (subscription_id, idempotency_key),
  constraint reservation_is_positive check (amount > 0),
  constraint reservation_state_is_known check (state in ('held', 'settled', 'released')),
  constraint settled_exactly_with_an_amount check ((state = 'settled') = (settled_amount is not null)),
  constraint closed_exactly_at_an_instant check ((state = 'held') = (closed_at is null))
);
create index usage_reservations_held on usage_reservations (subscription_id, feature_id, window_start, expires_at)
  where state = 'held';

-- A threshold that a window's usage reached, once. Written by the statement that counted the usage.
create table usage_alerts (
  subscription_id uuid not null,
  feature_id uuid not null,
  window_start timestamptz not null,
  threshold integer not null,
  used_amount bigint not null,
  quota_limit bigint not null,
  crossed_at timestamptz not null,
  state text not null default 'pending',
  attempts integer not null default 0,
  due_at timestamptz not null,
  last_error text,
  primary key (subscription_id, feature_id, window_start, threshold),
  constraint alert_state_is_known check (state in ('pending', 'told', 'skipped'))
);
create index usage_alerts_to_tell on usage_alerts (due_at) where state = 'pending';

-- Windows whose billed overage changed since the last report. A row comes with the usage and goes with the report.
create table usage_overage_due (
  subscription_id uuid not null,
  feature_id uuid not null,
  window_start timestamptz not null,
  primary key (subscription_id, feature_id, window_start)
);

-- What operators did, for whoever asks later. Never changed.
create table operator_actions (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  key_id uuid not null,
  action text not null,
  user_id text not null,
  before jsonb,
  after jsonb
);
create index operator_actions_of_a_user on operator_actions (user_id, at desc);

-- What must be looked up for a window with extras, as it is at `p_now`. Expired holds, grants and overrides count no
-- more from the instant of their expiry on, whether or not anybody cleared them away.
create function usage_extras(
  p_now timestamptz, p_user text, p_subscription uuid, p_feature uuid, p_start timestamptz,
  out is_overridden boolean, out override_limit bigint, out granted_left bigint, out held_amount bigint
) language sql stable as $$
  select o.user_id is not null, o.quota_limit,
    (select coalesce(sum(g.amount - g.used_amount), 0)::bigint from usage_grants g
     where g.user_id = p_user and g.feature_id = p_feature and g.revoked_at is null
       and (g.expires_at is null or g.expires_at > p_now)),
    (select coalesce(sum(r.amount), 0)::bigint from usage_reservations r
     where r.subscription_id = p_subscription and r.feature_id = p_feature and r.window_start = p_start
       and r.state = 'held' and r.expires_at > p_now)
  from (values (1)) as one
  left join usage_overrides o on o.user_id = p_user and o.feature_id = p_feature
    and (o.expires_at is null or o.expires_at > p_now)
$$;

-- What is left of a window's own limit, apart from grants and holds; null is unlimited.
create function usage_own_left(u feature_usage, p_limit bigint) returns bigint language sql immutable as $$
  select case when p_limit is not null then greatest(0,
    p_limit + u.rolled_in_amount - u.rolled_out_amount - (u.used_amount - u.granted_amount - u.overage_amount)) end
$$;

-- Opens windows, given in order of time: those that hold `p_at` and, where something rolls over, those before. Windows
-- of a feature never overlap: one that holds the instant already stays, and a new one begins where an earlier one was
-- ended. A new window takes what its predecessor left, which leaves the predecessor, so an event that comes late cannot
-- use it a second time. Locks in the order of consume_usage, after the subscription: whoever adds extras or changes the
-- plan holds that, so a new window cannot miss the one or take its limit from a plan that was.
create function open_usage_windows(
  p_now timestamptz, p_at timestamptz, p_subscription uuid, p_plan_version uuid, p_features uuid[],
  p_starts timestamptz[], p_ends timestamptz[], p_limits bigint[], p_rollovers bigint[]
) returns void language plpgsql as $$
declare
  v_user text;
  v_anchor timestamptz;
  w record;
  v_start timestamptz;
  v_before feature_usage;
  v_extras record;
  v_rolled bigint;
begin
  select s.user_id, s.anchor into v_user, v_anchor from subscriptions s
  where s.id = p_subscription and s.plan_version_id = p_plan_version for share;
  if not found then
    return;
  end if;
  for w in
    select i.*, i.window_start <= p_at and p_at < i.window_end as is_wanted
    from unnest(p_features, p_starts, p_ends, p_limits, p_rollovers)
      as i(feature_id, window_start, window_end, quota_limit, rollover_max)
    order by 1, 2
  loop
    continue when exists (
      select from feature_usage u
      where u.subscription_id = p_subscription and u.feature_id = w.feature_id and case
        when w.is_wanted then u.window_start <= p_at and p_at < u.window_end
        else u.window_start < w.window_end and u.window_end > w.window_start end);
    select greatest(w.window_start, max(u.window_end)) into v_start from feature_usage u
    where u.subscription_id = p_subscription and u.feature_id = w.feature_id and u.window_end > w.window_start
      and u.window_end <= p_at and u.window_end < w.window_end;
    v_rolled := 0;
    if w.rollover_max > 0 then
      select u.* into v_before from feature_usage u
      where u.subscription_id = p_subscription and u.feature_id = w.feature_id and u.window_end = v_start
        and u.window_end > v_anchor
      order by u.window_start desc limit 1 for update;
      if found then
        v_extras := usage_extras(p_now, v_user, p_subscription, w.feature_id, v_before.window_start);
        v_rolled := coalesce(least(w.rollover_max, greatest(0, usage_own_left(v_before,
          case when v_extras.is_overridden then v_extras.override_limit else v_before.quota_limit end)
          - v_extras.held_amount)), 0);
      end if;
    end if;
    insert into feature_usage (subscription_id, feature_id, window_start, window_end, quota_limit, rolled_in_amount,
      has_extras)
    values (p_subscription, w.feature_id, v_start, w.window_end, w.quota_limit, v_rolled,
      exists (select from usage_grants g where g.user_id = v_user and g.feature_id = w.feature_id)
      or exists (select from usage_overrides o where o.user_id = v_user and o.feature_id = w.feature_id))
    on conflict do nothing;
    if found and v_rolled > 0 then
      update feature_usage u set rolled_out_amount = u.rolled_out_amount + v_rolled
      where u.subscription_id = p_subscription and u.feature_id = w.feature_id
        and u.window_start = v_before.window_start;
    end if;
  end loop;
end $$;
