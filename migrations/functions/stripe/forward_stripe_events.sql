-- Notes that events were forwarded to the workflow of a subscription, except those that are done or parked by now.
--
-- p_due_ats[]: for each event, when to check that it is done.
-- Locks the subscription before the events, as `save_subscription` does: the reference to it would lock it after them. Locks the
-- events in the order of their ids, as `finish_stripe_events` does.
-- A database of the release before also has `forward_stripe_event`, which its processes call during a deploy.
create or replace function forward_stripe_events(
  p_subscription uuid, p_accounts text[], p_livemodes boolean[], p_events text[], p_due_ats timestamptz[]
) returns void language plpgsql set search_path = public, pg_temp as $$
begin
  perform from subscriptions s where s.id = p_subscription for key share;
  with given as materialized (
    select e.account, e.livemode, e.event_id, g.due_at
    from unnest(p_accounts, p_livemodes, p_events, p_due_ats) g (account, livemode, event_id, due_at)
    join stripe_events e using (account, livemode, event_id)
    where e.state in ('received', 'forwarded')
    order by e.event_id, e.account, e.livemode for no key update of e
  )
  update stripe_events e set state = 'forwarded', subscription_id = p_subscription, due_at = g.due_at
  from given g where (e.account, e.livemode, e.event_id) = (g.account, g.livemode, g.event_id);
end $$;
