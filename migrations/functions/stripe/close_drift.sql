-- Closes open findings, and returns them.
-- p_state: `repaired`, `resolved` or `dismissed`.
create or replace function close_drift(p_keys text[], p_state text, p_by text, p_now timestamptz) returns setof drift_findings
language sql set search_path = public, pg_temp as $$
  update drift_findings set state = p_state, closed_at = p_now, closed_by = p_by
  where key = any (p_keys) and state = 'open'
  returning *
$$;
