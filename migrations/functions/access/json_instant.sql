-- callers: functions
-- An instant as JavaScript writes it (`2026-01-31T10:00:00.000Z`), for what is stored as JSON.
create or replace function json_instant(p_at timestamptz) returns text language sql stable as $$
  select to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;
