-- may be null: p_state, p_type, p_reason, p_subscription, p_stripe_id, p_after
-- Events in the inbox, newest first. A null argument is no filter.
--
-- p_stripe_id: any id that the event's object carries.
-- p_after: the last event of the page before.
create or replace function list_stripe_events(
  p_state text, p_type text, p_reason text, p_subscription uuid, p_stripe_id text, p_after text, p_limit integer
) returns setof stripe_events language plpgsql stable
-- Planned for each call: every combination of filters has an index of its own.
set search_path = public, pg_temp set plan_cache_mode = force_custom_plan as $$
begin
  return query
  select e.* from stripe_events e
  where (p_state is null or e.state = p_state) and (p_type is null or e.type = p_type)
    and (p_reason is null or e.reason = p_reason) and (p_subscription is null or e.subscription_id = p_subscription)
    and (p_stripe_id is null or p_stripe_id in (
      e.object_ids ->> 'objectId', e.object_ids ->> 'customerId', e.object_ids ->> 'stripeSubscriptionId',
      e.object_ids ->> 'sessionId', e.object_ids ->> 'invoiceId', e.object_ids ->> 'paymentIntentId'))
    and (p_after is null or (e.received_at, e.event_id) < (
      select a.received_at, a.event_id from stripe_events a where a.event_id = p_after limit 1))
  order by e.received_at desc, e.event_id desc
  limit p_limit;
end $$;
