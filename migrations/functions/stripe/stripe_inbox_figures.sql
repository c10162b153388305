-- never null: all but oldest_received_at
-- How many events wait in the inbox, and since when.
create or replace function stripe_inbox_figures()
returns table (received bigint, forwarded bigint, parked bigint, oldest_received_at timestamptz)
language sql stable set search_path = public, pg_temp as $$
  select count(*) filter (where w.state = 'received'), count(*) filter (where w.state = 'forwarded'),
    (select count(*) from stripe_events e where e.state = 'parked'), min(w.received_at)
  from stripe_events w where w.state in ('received', 'forwarded')
$$;
