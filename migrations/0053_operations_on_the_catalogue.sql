-- What is asked of the catalogue, as named functions. Changes are decided outside, on a catalogue that was read at one
-- revision, and written only while that is still the newest: whoever comes second reads again and decides anew.

-- A published version as buyers see it.
create function plan_version_as_json(v plan_versions) returns jsonb language sql stable as $$
  select jsonb_build_object('id', v.id, 'plan_id', v.plan_id, 'version', v.version, 'period', v.period,
    'price_minor', v.price_minor, 'currency', v.currency, 'trial_days', v.trial_days,
    'stripe_price_id', v.stripe_price_id, 'slug', p.slug, 'name', p.name, 'product_line', p.product_line,
    'rank', p.rank, 'features', coalesce((
      select jsonb_agg(jsonb_build_object('id', f.id, 'code', f.code, 'type', f.type, 'unit', f.unit,
        'quota_limit', pf.quota_limit, 'reset', pf.reset, 'overage', pf.overage, 'rollover_max', pf.rollover_max)
        order by f.code)
      from plan_features pf join features f on f.id = pf.feature_id where pf.plan_version_id = v.id), '[]'))
  from plans p where p.id = v.plan_id
$$;

-- What is on sale, of all plans or of one (by slug or id), to everybody and to `p_user`, whose own versions come first; of
-- one plan's currencies the wanted one, then its first, which is that of the first version published for all.
create function list_plans_on_sale(p_name text, p_user text, p_now timestamptz, p_currency text) returns setof jsonb
language sql stable set search_path = public, pg_temp as $$
  select plan_version_as_json(v) from plan_versions v join plans p on p.id = v.plan_id
  where v.active and v.published_at is not null and (p_name is null or p.slug = p_name or p.id::text = lower(p_name))
    and (v.custom_for is null
      or v.custom_for = p_user and (v.custom_until is null or v.custom_until > p_now))
  order by v.custom_for is null, p.rank, p.slug, (v.currency = p_currency) desc, v.currency = (
    select first.currency from plan_versions first
    where first.plan_id = v.plan_id and first.published_at is not null and first.custom_for is null
    order by first.version limit 1) desc, v.currency
$$;

-- A published version by its id, or by a price at Stripe that is its own or stands for it.
create function find_plan_version(p_id uuid, p_price text) returns setof jsonb
language sql stable set search_path = public, pg_temp as $$
  select plan_version_as_json(v) from plan_versions v
  where v.published_at is not null and (v.id = p_id or v.stripe_price_id = p_price
    or v.id in (select s.plan_version_id from stripe_prices s where s.price_id = p_price))
  limit 1
$$;

create function record_stripe_price(p_version uuid, p_product text, p_price text) returns void
language sql set search_path = public, pg_temp as $$
  update plan_versions set stripe_product_id = p_product, stripe_price_id = p_price where id = p_version
$$;

-- A version as operators see it, and how many live subscriptions have it.
create function catalogue_version_as_json(v plan_versions) returns jsonb language sql stable as $$
  select to_jsonb(v) || jsonb_build_object('slug', p.slug,
    'subscribers', (
      select count(*) from subscriptions s
      where s.plan_version_id = v.id and s.status not in ('canceled', 'incomplete_expired')),
    'features', coalesce((
      select jsonb_agg(jsonb_build_object('code', f.code, 'quota_limit', pf.quota_limit, 'reset', pf.reset,
        'overage', pf.overage, 'rollover_max', pf.rollover_max, 'alert_thresholds', pf.alert_thresholds) order by f.code)
      from plan_features pf join features f on f.id = pf.feature_id where pf.plan_version_id = v.id), '[]'))
  from plans p where p.id = v.plan_id
$$;

-- All features, and all plans or one of them with their versions, in one snapshot. Each change adds a record, so their
-- number is the revision.
create function read_catalogue(p_slug text) returns jsonb
language sql stable set search_path = public, pg_temp as $$
  select jsonb_build_object(
    'revision', (select count(*) from catalogue_changes),
    'features', coalesce((
      select jsonb_agg(jsonb_build_object('code', f.code, 'name', f.name, 'type', f.type, 'unit', f.unit,
        'meterEventName', f.meter_event_name, 'grantedBy', array(
          select p.slug || '/' || v.version
          from plan_features pf join plan_versions v on v.id = pf.plan_version_id join plans p on p.id = v.plan_id
          where pf.feature_id = f.id order by p.slug, v.version)) order by f.code)
      from features f), '[]'),
    'plans', coalesce((
      select jsonb_agg(jsonb_build_object('id', p.id, 'slug', p.slug, 'name', p.name, 'rank', p.rank,
        'productLine', p.product_line, 'versions', coalesce((
          select jsonb_agg(catalogue_version_as_json(v) order by v.version desc) from plan_versions v
          where v.plan_id = p.id), '[]')) order by p.rank, p.slug)
      from plans p where p_slug is null or p.slug = p_slug), '[]'))
$$;

create function list_catalogue_offers(p_user text) returns setof jsonb
language sql stable set search_path = public, pg_temp as $$
  select catalogue_version_as_json(v) from plan_versions v where v.custom_for = p_user
  order by v.created_at desc, v.version desc
$$;

-- A draft with what it grants, in place of what it granted before.
create function write_plan_version(w jsonb) returns void language plpgsql set search_path = public, pg_temp as $$
begin
  delete from plan_features where plan_version_id = (w ->> 'id')::uuid;
  insert into plan_versions (id, plan_id, version, period, price_minor, currency, trial_days, custom_for, custom_until,
    created_at)
  select r.id, p.id, r.version, r.period, r.price_minor, r.currency, r.trial_days, r.custom_for, r.custom_until,
    r.created_at
  from jsonb_populate_record(null::plan_versions, w) r join plans p on p.slug = w ->> 'slug'
  on conflict (id) do update set period = excluded.period, price_minor = excluded.price_minor,
    currency = excluded.currency, trial_days = excluded.trial_days;
  insert into plan_features (plan_version_id, feature_id, quota_limit, reset, overage, rollover_max, alert_thresholds)
  select (w ->> 'id')::uuid, f.id, t.quota_limit, t.reset, t.overage, t.rollover_max, t.alert_thresholds
  from jsonb_to_recordset(w -> 'features') as t(code text, quota_limit bigint, reset text, overage text,
    rollover_max bigint, alert_thresholds integer[])
  join features f on f.code = t.code;
end $$;

-- Puts a version in the place of the one that the same people were offered before, in the same currency.
create function sell_plan_version(p_id uuid) returns void language sql set search_path = public, pg_temp as $$
  update plan_versions o set active = false from plan_versions v
  where v.id = p_id and o.id <> v.id and o.active and o.plan_id = v.plan_id
    and o.custom_for is not distinct from v.custom_for and (v.custom_for is not null or o.currency = v.currency);
  update plan_versions set active = true where id = p_id
$$;

-- Writes changes, each with the record of it, in the order given and all or nothing. False, and nothing is written, when
-- something changed since `p_revision`.
create function write_catalogue(p_revision bigint, p_writes jsonb) returns boolean
language plpgsql set search_path = public, pg_temp as $$
declare
  w jsonb;
begin
  lock table catalogue_changes in share row exclusive mode;
  if (select count(*) from catalogue_changes) <> p_revision then
    return false;
  end if;
  for w in select e from jsonb_array_elements(p_writes) as e loop
    case w ->> 'do'
      when 'put feature' then
        insert into features as f (id, code, name, type, unit, meter_event_name)
        select r.id, r.code, r.name, r.type, r.unit, r.meter_event_name from jsonb_populate_record(null::features, w) r
        on conflict (code) do update set name = excluded.name, type = excluded.type, unit = excluded.unit,
          meter_event_name = excluded.meter_event_name;
      when 'delete feature' then
        delete from features where code = w ->> 'code';
      when 'put plan' then
        insert into plans (id, slug, name, rank, product_line, created_at)
        select r.id, r.slug, r.name, r.rank, r.product_line, r.created_at from jsonb_populate_record(null::plans, w) r
        on conflict (slug) do update set name = excluded.name, rank = excluded.rank, product_line = excluded.product_line;
      when 'delete plan' then
        delete from plans where slug = w ->> 'slug';
      when 'write version' then
        perform write_plan_version(w);
      when 'delete version' then
        delete from plan_features where plan_version_id = (w ->> 'id')::uuid;
        delete from plan_versions where id = (w ->> 'id')::uuid;
      when 'publish' then
        update plan_versions set published_at = (w ->> 'at')::timestamptz where id = (w ->> 'id')::uuid;
      when 'sell' then
        perform sell_plan_version((w ->> 'id')::uuid);
      when 'retire' then
        update plan_versions set active = false, retired_at = (w ->> 'at')::timestamptz where id = (w ->> 'id')::uuid;
      when 'record' then
        insert into catalogue_changes (at, by, kind, subject, before, after)
        select r.at, r.by, r.kind, r.subject, r.before, r.after
        from jsonb_populate_record(null::catalogue_changes, w) r;
    end case;
  end loop;
  return true;
end $$;

create function list_catalogue_changes(p_limit integer) returns setof catalogue_changes
language sql stable set search_path = public, pg_temp as $$
  select c.* from catalogue_changes c order by c.id desc limit p_limit
$$;

-- Who has a version of their own that ends before their next period, and nothing that follows it.
create function list_ending_offers(p_statuses text[], p_now timestamptz, p_limit integer)
returns table (id uuid, version uuid, slug text, currency text, period_end timestamptz)
language sql stable set search_path = public, pg_temp as $$
  select s.id, v.id, p.slug, v.currency, s.period_end
  from subscriptions s join plan_versions v on v.id = s.plan_version_id join plans p on p.id = v.plan_id
  where s.status = any (p_statuses) and v.custom_until <= s.period_end and s.pending_plan_version_id is null
    and s.cancel_at is null and s.period_end > p_now
  order by s.period_end
  limit p_limit
$$;

-- How versions that cost something stand at Stripe; null matters not.
create function list_catalogue_at_stripe(p_slug text, p_version integer) returns table (
  slug text, version integer, stripe_price_id text, pushed_at timestamptz, compared_at timestamptz, drift text,
  last_error text
) language sql stable set search_path = public, pg_temp as $$
  select p.slug, v.version, v.stripe_price_id, c.pushed_at, c.compared_at, c.drift, c.last_error
  from plan_versions v join plans p on p.id = v.plan_id left join stripe_catalogue c on c.plan_version_id = v.id
  where v.published_at is not null and v.price_minor > 0
    and (p_slug is null or p.slug = p_slug) and (p_version is null or v.version = p_version)
  order by p.rank, p.slug, v.version
$$;

-- What changed since it was last pushed, and what was not compared for a day; each is claimed for 1, 2, 4 … up to 600
-- seconds: what Stripe rejects waits for a person.
create function claim_catalogue_pushes(p_now timestamptz, p_limit integer) returns table (
  plan_version_id uuid, name text, price_active boolean, product_active boolean, kind text, pushes integer,
  attempts integer
) language plpgsql set search_path = public, pg_temp as $$
#variable_conflict use_column
begin
  insert into stripe_catalogue (plan_version_id, due_at)
  select v.id, p_now from plan_versions v
  where v.published_at is not null and v.price_minor > 0
    and not exists (select from stripe_catalogue c where c.plan_version_id = v.id)
  on conflict do nothing;
  return query
  with due as (
    select c.plan_version_id, p.name, v.retired_at is null as price_active,
      exists (select from plan_versions o
        where o.plan_id = p.id and o.published_at is not null and o.retired_at is null) as product_active,
      case when c.pushed_at is null or c.pushed_name <> p.name or c.pushed_active <> (v.retired_at is null)
        then 'push' else 'compare' end as kind
    from stripe_catalogue c join plan_versions v on v.id = c.plan_version_id join plans p on p.id = v.plan_id
    where c.due_at <= p_now and (
      c.pushed_at is null or c.pushed_name <> p.name or c.pushed_active <> (v.retired_at is null)
      or c.compared_at <= p_now - interval '1 day')
    order by c.due_at limit p_limit for update of c skip locked
  )
  update stripe_catalogue c set attempts = c.attempts + 1,
    due_at = p_now + least(600, 2 ^ least(c.attempts, 10)) * interval '1 second'
  from due d where c.plan_version_id = d.plan_version_id
  returning d.plan_version_id, d.name, d.price_active, d.product_active, d.kind, c.pushes, c.attempts;
end $$;

create function finish_catalogue_push(
  p_version uuid, p_is_push boolean, p_name text, p_price_active boolean, p_drift text, p_now timestamptz
) returns void language sql set search_path = public, pg_temp as $$
  update stripe_catalogue set compared_at = p_now, drift = p_drift, attempts = 0, last_error = null, due_at = p_now,
    pushed_name = case when p_is_push then p_name else pushed_name end,
    pushed_active = case when p_is_push then p_price_active else pushed_active end,
    pushed_at = case when p_is_push then p_now else pushed_at end,
    pushes = case when p_is_push then pushes + 1 else pushes end
  where plan_version_id = p_version
$$;

create function fail_catalogue_push(p_version uuid, p_error text) returns void
language sql set search_path = public, pg_temp as $$
  update stripe_catalogue set last_error = p_error where plan_version_id = p_version
$$;

create function repeat_catalogue_push(p_slug text, p_version integer, p_now timestamptz) returns void
language sql set search_path = public, pg_temp as $$
  update stripe_catalogue c set pushed_at = null, due_at = p_now, attempts = 0
  from plan_versions v join plans p on p.id = v.plan_id
  where v.id = c.plan_version_id and p.slug = p_slug and v.version = p_version
$$;
