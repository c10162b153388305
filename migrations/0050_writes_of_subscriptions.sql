-- What a subscription's step writes, each in one call and one transaction: the native repositories ask for it over their
-- connection, those of Supabase over PostgREST. Business time is an argument. Who may call what: 0055.

create function upsert_customer(p_user text, p_email text, p_locale text, p_time_zone text, p_now timestamptz)
returns setof customers language sql set search_path = public, pg_temp as $$
  insert into customers as c (user_id, email, locale, time_zone, created_at)
  values (p_user, p_email, coalesce(p_locale, 'en'), p_time_zone, p_now)
  on conflict (user_id) do update set email = coalesce(p_email, c.email), locale = coalesce(p_locale, c.locale),
    time_zone = coalesce(p_time_zone, c.time_zone)
  returning *
$$;

-- The first id recorded stays; the answer is the one that counts, or null when there is no such user.
create function record_stripe_customer(p_user text, p_customer text) returns text
language sql set search_path = public, pg_temp as $$
  update customers set stripe_customer_id = coalesce(stripe_customer_id, p_customer) where user_id = p_user
  returning stripe_customer_id
$$;

create function forget_stripe_customer(p_customer text) returns void
language sql set search_path = public, pg_temp as $$
  update customers set stripe_customer_id = null, stripe_generation = stripe_generation + 1
  where stripe_customer_id = p_customer
$$;

create function had_trial(p_user text, p_product_line text) returns boolean
language sql stable set search_path = public, pg_temp as $$
  select exists (
    select from subscription_changes c join subscriptions s on s.id = c.subscription_id
    where s.user_id = p_user and s.product_line = p_product_line and c.kind = 'trial_started')
$$;

-- The subscription that a Stripe object belongs to. Another subscription of the same customer is not the one that is named.
create function find_subscription_at_stripe(p_subscription text, p_session text, p_customer text)
returns setof subscriptions language plpgsql stable set search_path = public, pg_temp as $$
begin
  return query
  select s.* from subscriptions s
  where s.stripe_subscription_id = p_subscription or s.checkout_session_id = p_session
  limit 1;
  if found or p_customer is null or p_subscription is not null then
    return;
  end if;
  return query
  select s.* from subscriptions s join customers c on c.user_id = s.user_id
  where c.stripe_customer_id = p_customer and s.status not in ('canceled', 'incomplete_expired')
  order by s.stripe_subscription_id is null
  limit 1;
end $$;

-- Adds to a timeline. Whoever calls it holds the subscription's row, so that no two writers count alike.
create function add_subscription_changes(p_subscription uuid, p_changes jsonb) returns void
language sql set search_path = public, pg_temp as $$
  insert into subscription_changes (subscription_id, seq, at, actor, kind, before, after, cause)
  select p_subscription, c.ordinal + (
      select coalesce(max(l.seq), 0) from subscription_changes l where l.subscription_id = p_subscription),
    c.at, c.actor, c.kind, c.before, c.after, c.cause
  from rows from (
    jsonb_to_recordset(p_changes) as (at timestamptz, actor text, kind text, before jsonb, after jsonb, cause text)
  ) with ordinality as c(at, actor, kind, before, after, cause, ordinal)
$$;

-- Messages to a customer, each once: its key names the fact that it tells.
create function add_notices(p_subscription uuid, p_notices jsonb, p_now timestamptz) returns void
language sql set search_path = public, pg_temp as $$
  insert into notices (key, subscription_id, kind, content, due_at, created_at)
  select n.key, p_subscription, n.kind, n.content, p_now, p_now
  from jsonb_to_recordset(p_notices) as n(key text, kind text, content jsonb)
  on conflict (key) do nothing
$$;

-- An event that an operator parked in the meantime stays parked.
create function finish_stripe_events(p_subscription uuid, p_events text[]) returns void
language sql set search_path = public, pg_temp as $$
  update stripe_events set state = 'done', subscription_id = p_subscription, last_error = null
  where event_id = any (p_events) and state <> 'parked'
$$;

-- Writes one step of a subscription: row, timeline, notices, windows and the events that it took in, all or nothing. `p_row`
-- continues from the write `p_seq`; false, and nothing is written, when another one came in between.
create function save_subscription(
  p_row jsonb, p_seq bigint, p_now timestamptz, p_changes jsonb, p_notices jsonb, p_windows jsonb,
  p_end_windows_at timestamptz, p_alert jsonb, p_events text[]
) returns boolean language plpgsql set search_path = public, pg_temp as $$
declare
  r subscriptions := jsonb_populate_record(null::subscriptions, p_row);
begin
  update subscriptions set user_id = r.user_id, product_line = r.product_line, plan_version_id = r.plan_version_id,
    quantity = r.quantity, discount = r.discount, status = r.status, anchor = r.anchor, period_start = r.period_start,
    period_end = r.period_end, trial_end = r.trial_end, cancel_at = r.cancel_at, pending_kind = r.pending_kind,
    pending_plan_version_id = r.pending_plan_version_id, pending_at = r.pending_at,
    pending_payment_url = r.pending_payment_url, resumes_at = r.resumes_at, past_due_since = r.past_due_since,
    ended_at = r.ended_at, access_until = r.access_until, checkout_session_id = r.checkout_session_id,
    checkout_url = r.checkout_url, checkout_expires_at = r.checkout_expires_at,
    checkout_plan_version_id = r.checkout_plan_version_id, checkout_generation = r.checkout_generation,
    stripe_subscription_id = r.stripe_subscription_id, drift = r.drift, observed_seq = p_seq + 1, updated_at = p_now
  where id = r.id and observed_seq = p_seq;
  if not found then
    return false;
  end if;
  perform add_subscription_changes(r.id, p_changes);
  perform add_notices(r.id, p_notices, p_now);
  -- What never resets (seats that are held) goes on.
  update feature_usage set window_end = p_end_windows_at
  where subscription_id = r.id and window_start < p_end_windows_at and window_end > p_end_windows_at
    and window_end < '9999-12-31T00:00:00Z';
  perform open_usage_windows(p_now, p_now, r.id, r.plan_version_id, array_agg(w.feature_id), array_agg(w.starts),
    array_agg(w.ends), array_agg(w.quota_limit), array_agg(w.rollover_max))
  from jsonb_to_recordset(p_windows)
    as w(feature_id uuid, starts timestamptz, ends timestamptz, quota_limit bigint, rollover_max bigint)
  having count(*) > 0;
  -- Windows that are open take over the limits of the present plan; what was used stays. A rollover names windows before
  -- the present one too; their limits are history. Locked in the order of consume_usage.
  with locked as materialized (
    select u.feature_id, u.window_start, w.quota_limit from feature_usage u
    join jsonb_to_recordset(p_windows) as w(feature_id uuid, ends timestamptz, quota_limit bigint)
      on w.feature_id = u.feature_id and p_now < w.ends
    where u.subscription_id = r.id and u.window_start <= p_now and p_now < u.window_end
    order by u.feature_id, u.window_start
    for update of u
  )
  update feature_usage u set quota_limit = l.quota_limit, alert_at = 0 from locked l
  where u.subscription_id = r.id and u.feature_id = l.feature_id and u.window_start = l.window_start
    and u.quota_limit is distinct from l.quota_limit;
  update usage_alerts a set state = 'told'
  from jsonb_to_record(p_alert) as t(feature_id uuid, window_start timestamptz, threshold integer)
  where a.subscription_id = r.id and a.feature_id = t.feature_id and a.window_start = t.window_start
    and a.threshold = t.threshold;
  perform finish_stripe_events(r.id, p_events);
  return true;
end $$;

-- Writes one reading of a bill with its entries and notices, all or nothing. `p_seq` is the reading that it continues, null
-- for the first; false, and nothing is written, when another one came in between. Messages that wait for a mail server, and
-- ask for what has been settled or tried again meanwhile (`p_overtaken`: how their keys begin), are not sent.
create function save_invoice(
  p_row jsonb, p_seq bigint, p_now timestamptz, p_changes jsonb, p_notices jsonb, p_overtaken text[], p_events text[]
) returns boolean language plpgsql set search_path = public, pg_temp as $$
declare
  r invoices := jsonb_populate_record(null::invoices, p_row);
begin
  -- The timeline counts its entries: its workflow and its bills take turns.
  perform from subscriptions where id = r.subscription_id for update;
  if p_seq is null then
    insert into invoices (id, subscription_id, number, status, billing_reason, currency, amount_due_minor,
      amount_paid_minor, period_start, period_end, collection, attempt_count, next_payment_attempt, hosted_invoice_url,
      created_at, paid_at, credited_minor, refunded_minor, dispute_status, observed_seq)
    values (r.id, r.subscription_id, r.number, r.status, r.billing_reason, r.currency, r.amount_due_minor,
      r.amount_paid_minor, r.period_start, r.period_end, r.collection, r.attempt_count, r.next_payment_attempt,
      r.hosted_invoice_url, r.created_at, r.paid_at, r.credited_minor, r.refunded_minor, r.dispute_status, r.observed_seq)
    on conflict (id) do nothing;
  else
    update invoices set subscription_id = r.subscription_id, number = r.number, status = r.status,
      billing_reason = r.billing_reason, currency = r.currency, amount_due_minor = r.amount_due_minor,
      amount_paid_minor = r.amount_paid_minor, period_start = r.period_start, period_end = r.period_end,
      collection = r.collection, attempt_count = r.attempt_count, next_payment_attempt = r.next_payment_attempt,
      hosted_invoice_url = r.hosted_invoice_url, created_at = r.created_at, paid_at = r.paid_at,
      credited_minor = r.credited_minor, refunded_minor = r.refunded_minor, dispute_status = r.dispute_status,
      observed_seq = r.observed_seq
    where id = r.id and observed_seq = p_seq;
  end if;
  if not found then
    return false;
  end if;
  perform add_subscription_changes(r.subscription_id, p_changes);
  perform add_notices(r.subscription_id, p_notices, p_now);
  update notices n set state = 'skipped', last_error = 'overtaken by what became of the bill'
  where n.subscription_id = r.subscription_id and n.state = 'pending'
    and exists (select from unnest(p_overtaken) as o(prefix) where starts_with(n.key, o.prefix))
    and not exists (select from jsonb_to_recordset(p_notices) as p(key text) where p.key = n.key);
  perform finish_stripe_events(r.subscription_id, p_events);
  return true;
end $$;

-- The bills of a user, the newest first; drafts are nobody's business yet. `p_after` is the id of a bill.
create function list_invoices(p_user text, p_limit integer, p_after text) returns setof invoices
language sql stable set search_path = public, pg_temp as $$
  select i.* from invoices i join subscriptions s on s.id = i.subscription_id
  where s.user_id = p_user and i.status not in ('draft', 'deleted')
    and (p_after is null or (i.created_at, i.id) < (select a.created_at, a.id from invoices a where a.id = p_after))
  order by i.created_at desc, i.id desc
  limit p_limit
$$;

-- Takes notices that are due, of one subscription or of all, each until `p_until` for the caller alone.
create function claim_notices(p_now timestamptz, p_until timestamptz, p_limit integer, p_subscription uuid)
returns table (key text, kind text, content jsonb, attempts integer, user_id text, email text, locale text)
language sql set search_path = public, pg_temp as $$
  update notices n set attempts = n.attempts + 1, due_at = p_until
  from subscriptions s join customers c on c.user_id = s.user_id
  where s.id = n.subscription_id and n.key in (
    select d.key from notices d
    where d.state = 'pending' and d.due_at <= p_now and (p_subscription is null or d.subscription_id = p_subscription)
    order by d.due_at limit p_limit for update skip locked)
  returning n.key, n.kind, n.content, n.attempts, c.user_id, c.email, c.locale
$$;

-- The key of a hash, unless it is revoked or expired. Its use is noted when it was last noted before `p_noted_before`.
create function find_api_key(p_hash text, p_now timestamptz, p_noted_before timestamptz) returns setof api_keys
language plpgsql set search_path = public, pg_temp as $$
begin
  update api_keys k set last_used_at = greatest(k.last_used_at, p_now)
  where k.hash = p_hash and k.revoked_at is null and (k.expires_at is null or k.expires_at > p_now)
    and (k.last_used_at is null or k.last_used_at <= p_noted_before);
  return query
  select k.* from api_keys k
  where k.hash = p_hash and k.revoked_at is null and (k.expires_at is null or k.expires_at > p_now);
end $$;

-- Ends a key, and answers it; nothing when there is none. `outcome` is `last_operator` when an operator asked (`p_by`) and
-- nobody could make or revoke keys over HTTP afterwards: of two who revoke each other's key, one is told so.
create function revoke_api_key(p_id uuid, p_now timestamptz, p_by uuid) returns table (outcome text, key jsonb)
language plpgsql set search_path = public, pg_temp as $$
declare
  v_operators uuid[];
begin
  select array_agg(u.id) into v_operators from (
    select k.id, k.scopes from api_keys k
    where k.revoked_at is null and (k.expires_at is null or k.expires_at > p_now)
    order by k.id for update
  ) u where 'operator' = any (u.scopes);
  if p_by is not null and v_operators = array[p_id] then
    return query select 'last_operator', to_jsonb(k) from api_keys k where k.id = p_id;
    return;
  end if;
  update api_keys k set revoked_at = p_now, revoked_by = p_by where k.id = p_id and k.revoked_at is null;
  return query select 'revoked', to_jsonb(k) from api_keys k where k.id = p_id;
end $$;

-- Gives a key a successor of the same name, scopes and end, and an end of its own. `over` when it is revoked, expired, or
-- has a successor already; nothing when there is no such key.
create function rotate_api_key(
  p_id uuid, p_successor uuid, p_prefix text, p_hash text, p_until timestamptz, p_now timestamptz, p_by uuid
) returns table (outcome text, key jsonb, replaced jsonb)
language plpgsql set search_path = public, pg_temp as $$
declare
  own api_keys;
  made api_keys;
begin
  select k.* into own from api_keys k where k.id = p_id for update;
  if not found then
    return;
  end if;
  if own.revoked_at is not null or own.expires_at <= p_now
    or exists (select from api_keys k where k.rotated_from = p_id) then
    return query select 'over', to_jsonb(own), null::jsonb;
    return;
  end if;
  insert into api_keys (id, name, prefix, hash, scopes, created_at, expires_at, created_by, rotated_from)
  values (p_successor, own.name, p_prefix, p_hash, own.scopes, p_now, own.expires_at, p_by, p_id)
  returning * into made;
  update api_keys k set expires_at = least(k.expires_at, p_until) where k.id = p_id returning k.* into own;
  return query select 'rotated', to_jsonb(made), to_jsonb(own);
end $$;
