-- never null: all
-- How many events are parked for each reason, the most frequent first, and when the newest of them was received.
create or replace function count_parked_events(p_limit integer)
returns table (reason text, many bigint, newest timestamptz)
language sql stable set search_path = public, pg_temp as $$
  select coalesce(e.reason, ''), count(*), max(e.received_at) from stripe_events e where e.state = 'parked'
  group by e.reason order by count(*) desc, e.reason limit p_limit
$$;
