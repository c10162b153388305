-- never null: all
-- Deletes at most `p_limit` decisions from before `p_before`, and returns how many.
create or replace function forget_decisions(p_before timestamptz, p_limit integer) returns bigint
language sql set search_path = public, pg_temp as $$
  with gone as (
    delete from decisions d where (d.subscription_id, d.seq) in (
      select o.subscription_id, o.seq from decisions o where o.at < p_before order by o.at limit p_limit)
    returning 1
  )
  select count(*) from gone
$$;
