-- callers: owner
--
-- Drops the ledger's old partitions, oldest first, and returns their names: see `old_usage_partitions`.
-- Running it twice drops nothing.
--
-- The ledger stays the sum of every counter: an open window gets one line in the following month in place of those
-- that go; a window that ended long ago goes with its lines.
-- Histories stay too: it stops at a month with an entry that is not in `usage_sums` yet, see `sum_usage_before`.
create or replace function drop_usage_partitions(p_now timestamptz, p_before timestamptz) returns setof text
language plpgsql as $$
declare
  p record;
  v_is_summed boolean;
begin
  for p in select * from old_usage_partitions(p_now, p_before) loop
    execute format($f$
      select not exists (
        select from %s e
        join feature_usage u on u.subscription_id = e.subscription_id and u.feature_id = e.feature_id
          and u.window_start = e.window_start
        where e.outcome = 'allowed' and not e.is_carried and e.occurred_at >= u.summed_until)$f$, p.name)
    into v_is_summed;
    exit when not v_is_summed;
    -- Events arrive at most 28 days late, so all lines of a window that ended 31 days before are in this month.
    execute format($f$
      delete from feature_usage u using (select distinct subscription_id, feature_id, window_start from %s) e
      where u.subscription_id = e.subscription_id and u.feature_id = e.feature_id and u.window_start = e.window_start
        and u.window_end <= %L$f$, p.name, p.ends_at - interval '31 days');
    execute format($f$
      insert into usage_events (recorded_month, subscription_id, idempotency_key, feature_id, amount, outcome,
        window_start, used_after, occurred_at, granted_amount, overage_amount, billed_amount, is_carried)
      select %L::date, e.subscription_id, 'carried/' || e.feature_id || '/' || extract(epoch from e.window_start),
        e.feature_id, sum(e.amount), 'allowed', e.window_start, sum(e.amount), max(e.occurred_at), sum(e.granted_amount),
        sum(e.overage_amount), sum(e.billed_amount), true
      from %s e
      join feature_usage u on u.subscription_id = e.subscription_id and u.feature_id = e.feature_id
        and u.window_start = e.window_start
      where e.outcome = 'allowed'
      group by e.subscription_id, e.feature_id, e.window_start$f$,
      (p.month + interval '1 month')::date, p.name);
    execute format('drop table %s', p.name);
    return next p.title;
  end loop;
end $$;
