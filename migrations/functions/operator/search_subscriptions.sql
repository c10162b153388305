-- may be null: p_text, p_id, p_prefix, p_status, p_plan, p_after
-- never null: all but trial_end, period_end, cancel_at, ended_at, drift
-- Searches subscriptions, newest first. Any argument may be null.
--
-- p_text: one of our ids or Stripe's, an e-mail address or the number of an invoice, in any case.
-- p_id: the same, if it is a uuid.
-- p_prefix: a `like` pattern for the start of a user id, in any case; it is used only if nothing else matched. p_status, p_plan (a slug):
-- filters.
-- p_after: the last subscription of the page before.
-- p_limit: rows per page.
create or replace function search_subscriptions(
  p_text text, p_id uuid, p_prefix text, p_status text, p_plan text, p_after uuid, p_limit integer
) returns table (
  id uuid, user_id text, status text, plan_slug text, plan_name text, plan_period text, price_minor bigint, currency text,
  quantity integer, mrr_minor bigint, trial_end timestamptz, period_end timestamptz, cancel_at timestamptz,
  ended_at timestamptz, drift text, created_at timestamptz
) language plpgsql stable
-- Planned for each call: every combination of filters has an index of its own.
set search_path = public, pg_temp set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
declare
  v_ids uuid[] := array(
    select i.id from subscriptions i where i.id = p_id
    union select i.id from subscriptions i where lower(i.stripe_subscription_id) = lower(p_text)
    union select i.id from subscriptions i where lower(i.checkout_session_id) = lower(p_text)
    union select i.id from subscriptions i join customers c on c.user_id = i.user_id
      where lower(c.stripe_customer_id) = lower(p_text) or lower(c.email) = lower(p_text)
    union select b.subscription_id from invoices b where lower(b.id) = lower(p_text) or lower(b.number) = lower(p_text));
  -- An exact id is not used as the start of a user id.
  v_prefix text := case when cardinality(v_ids) = 0 then p_prefix end;
begin
  if cardinality(v_ids) = 0 then
    v_ids := null;
  end if;
  return query
  select s.id, s.user_id, s.status, p.slug, p.name, v.period, v.price_minor, v.currency, s.quantity,
    case when s.status in ('active', 'past_due') then monthly_minor(s, v, s.updated_at) else 0 end,
    s.trial_end, s.period_end, s.cancel_at, s.ended_at, s.drift, s.created_at
  from subscriptions s join plan_versions v on v.id = s.plan_version_id join plans p on p.id = v.plan_id
  where (p_status is null or s.status = p_status) and (p_plan is null or p.slug = p_plan)
    and (v_ids is null or s.id = any (v_ids)) and (v_prefix is null or lower(s.user_id) like lower(v_prefix))
    and (p_after is null or (s.created_at, s.id) < (select a.created_at, a.id from subscriptions a where a.id = p_after))
  order by s.created_at desc, s.id desc
  limit p_limit;
end $$;
