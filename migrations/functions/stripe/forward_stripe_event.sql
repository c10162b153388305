-- Notes that an event was forwarded to the workflow of a subscription, unless it is done or parked by now.
--
-- p_due_at: when to check that it is done.
-- Locks the subscription before the event, as `save_subscription` does: the reference to it would lock it after the event.
create or replace function forward_stripe_event(
  p_account text, p_livemode boolean, p_event text, p_subscription uuid, p_due_at timestamptz
) returns void language plpgsql set search_path = public, pg_temp as $$
begin
  perform from subscriptions s where s.id = p_subscription for key share;
  update stripe_events e set state = 'forwarded', subscription_id = p_subscription, due_at = p_due_at
  where e.account = p_account and e.livemode = p_livemode and e.event_id = p_event
    and e.state in ('received', 'forwarded');
end $$;
