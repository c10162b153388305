-- never null: all
-- Subscriptions on a version of their own that ends before their next period, with no other change scheduled, and no
-- cancellation until then. The workflow moves them to the plan's public version.
create or replace function list_ending_offers(p_statuses text[], p_now timestamptz, p_limit integer)
returns table (id uuid, version uuid, slug text, currency text, period_end timestamptz)
language sql stable set search_path = public, pg_temp as $$
  select s.id, v.id, p.slug, v.currency, s.period_end
  from subscriptions s join plan_versions v on v.id = s.plan_version_id join plans p on p.id = v.plan_id
  where s.status = any (p_statuses) and v.custom_until <= s.period_end and s.pending_plan_version_id is null
    and (s.cancel_at is null or s.cancel_at > s.period_end) and s.period_end > p_now
  order by s.period_end
  limit p_limit
$$;
