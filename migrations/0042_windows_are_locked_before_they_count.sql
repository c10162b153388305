-- A window that another process opens between the two queries of consume_usage was not locked by the first and yet counted
-- by the second, from what it held before a third one's events: a limit could be passed. What was not locked is missing,
-- and is asked for again. Everything else of consume_usage stays as 0007 and 0041 made it.
do $$
declare
  v_function regprocedure :=
    'consume_usage(timestamptz, text[], text[], text[], bigint[], timestamptz[], timestamptz)'::regprocedure;
  v_text text := pg_get_functiondef(v_function);
  v_change text[];
begin
  foreach v_change slice 1 in array array[
    [$old$), locked as materialized (
    select u.subscription_id, u.feature_id, u.has_extras from feature_usage u
    join (select distinct r.subscription_id, r.feature_id, r.at from resolved r where r.obstacle is null) c
      on$old$,
     $new$), counters as materialized (
    select distinct r.subscription_id, r.feature_id, r.at from resolved r where r.obstacle is null
  ), locked as materialized (
    select u.subscription_id, u.feature_id, u.has_extras, c.at from feature_usage u
    join counters c
      on$new$],
    ['array_agg(r.obstacle),',
     $new$array_agg(case
      when r.obstacle is not null then r.obstacle
      -- Each counter has one window at an instant: as many locks as counters are all of them.
      when (select count(*) from locked) < (select count(*) from counters) and not exists (
        select from locked l
        where l.subscription_id = r.subscription_id and l.feature_id = r.feature_id and l.at = r.at)
        then 'window_missing'
    end),$new$]
  ] loop
    if strpos(v_text, v_change[1]) = 0 then
      raise exception 'consume_usage is not as 0041 left it: %', v_change[1];
    end if;
    v_text := replace(v_text, v_change[1], v_change[2]);
  end loop;
  execute v_text;
end $$;
