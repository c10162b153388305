-- callers: owner
--
-- Creates the ledger's partitions of the month of `p_now` and the two after it, closed to users.
-- Running it twice does nothing.
--
-- A month whose events are already in the default partition stays there.
create or replace function ensure_usage_partitions(p_now timestamptz) returns void language plpgsql as $$
declare
  v_month date;
  v_name text;
begin
  for i in 0..2 loop
    v_month := (date_trunc('month', p_now at time zone 'UTC') + make_interval(months => i))::date;
    v_name := 'usage_events_' || to_char(v_month, 'YYYY_MM');
    if to_regclass(v_name) is null
       and not exists (select from usage_events_default where recorded_month = v_month) then
      execute format('create table if not exists %I partition of usage_events for values from (%L) to (%L)',
        v_name, v_month, (v_month + interval '1 month')::date);
      perform close_table(v_name::regclass);
    end if;
  end loop;
end $$;
