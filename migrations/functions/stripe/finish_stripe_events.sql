-- Marks events as done. An event that an operator parked meanwhile stays parked.
create or replace function finish_stripe_events(p_subscription uuid, p_events text[]) returns void
language sql set search_path = public, pg_temp as $$
  update stripe_events set state = 'done', subscription_id = p_subscription, last_error = null
  where event_id = any (p_events) and state <> 'parked'
$$;
