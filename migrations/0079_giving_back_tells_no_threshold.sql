-- What is given back reaches nothing: after a change to a plan with a lower limit, the first seat that was freed told that
-- all seats are used. The next use tells it.
do $$
declare
  v_function regprocedure :=
    'count_usage(timestamptz, timestamptz, text, feature_usage, text, bigint, text, bigint)'::regprocedure;
  v_before text := pg_get_functiondef(v_function);
  v_after text := replace(v_before, 'v_alerted := v_used >= u.alert_at;',
    'v_alerted := p_amount > 0 and v_used >= u.alert_at;');
begin
  if v_after = v_before then
    raise exception 'count_usage is not as 0011 left it';
  end if;
  execute v_after;
end $$;
