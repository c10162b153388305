-- Events of one batch with the same key wait for the first of them to be recorded, then are answered as its repeats. One
-- that meets an obstacle is never recorded, so each of them needed a round of its own, and a batch of several was not
-- answered at all. Now only an event that may be recorded is waited for: one condition of consume_usage, which stays
-- otherwise as 0007 made it.
do $$
declare
  v_function regprocedure :=
    'consume_usage(timestamptz, text[], text[], text[], bigint[], timestamptz[], timestamptz)'::regprocedure;
  v_before text := pg_get_functiondef(v_function);
  v_after text := replace(v_before,
    'i.ordinal > min(i.ordinal) over (partition by i.subscription_id, i.key)',
    'i.ordinal > min(i.ordinal) filter (where i.obstacle is null) over (partition by i.subscription_id, i.key)');
begin
  if v_after = v_before then
    raise exception 'consume_usage is not as 0007 made it';
  end if;
  execute v_after;
end $$;
