-- callers: functions
-- The ledger's partitions of months that ended before `p_before`, oldest first. This month and the two before it are
-- never among them, because idempotency keys are looked up there.
create or replace function old_usage_partitions(p_now timestamptz, p_before timestamptz)
returns table (name regclass, title text, month date, ends_at timestamptz) language sql stable as $$
  select p.name, p.title, p.month, p.ends_at
  from pg_inherits i
  join pg_class c on c.oid = i.inhrelid and c.relname ~ '^usage_events_\d{4}_\d{2}$'
  cross join lateral (select to_date(right(c.relname, 7), 'YYYY_MM') as month) m
  cross join lateral (
    select c.oid::regclass as name, c.relname::text as title, m.month,
      (m.month + interval '1 month') at time zone 'UTC' as ends_at
  ) p
  where i.inhparent = 'usage_events'::regclass and p.ends_at <= p_before
    and p.ends_at <= date_trunc('month', p_now at time zone 'UTC') at time zone 'UTC' - interval '1 month'
  order by c.relname
$$;
