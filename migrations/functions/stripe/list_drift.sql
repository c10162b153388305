-- may be null: p_state, p_kind, p_subscription, p_after
-- Findings, the latest seen first. A null argument is no filter.
-- p_after: the last key of the page before.
create or replace function list_drift(p_state text, p_kind text, p_subscription uuid, p_after text, p_limit integer)
returns setof drift_findings language sql stable set search_path = public, pg_temp as $$
  select f.* from drift_findings f
  where (p_state is null or f.state = p_state) and (p_kind is null or f.kind = p_kind)
    and (p_subscription is null or f.subscription_id = p_subscription)
    and (p_after is null or (f.seen_at, f.key) < (select a.seen_at, a.key from drift_findings a where a.key = p_after))
  order by f.seen_at desc, f.key desc
  limit p_limit
$$;
