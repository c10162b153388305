-- may be null: p_events, p_not_of, p_reason, p_stripe_subscription
-- never null: all
-- Makes done or parked events due again, and returns their ids.
--
-- Either those in `p_events` (except of the subscription `p_not_of` at Stripe), or those parked for `p_reason` (of one
-- subscription at Stripe, or of all if null). Events that already wait stay as they are.
-- p_limit: at most so many, oldest first.
create or replace function redrive_stripe_events(
  p_events text[], p_not_of text, p_reason text, p_stripe_subscription text, p_now timestamptz, p_limit integer
) returns table (event_id text) language plpgsql
set search_path = public, pg_temp set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
begin
  return query
  with chosen as materialized (
    select e.account, e.livemode, e.event_id from stripe_events e
    where e.state in ('parked', 'done') and case
      when p_events is not null then e.event_id = any (p_events)
        and (p_not_of is null or e.object_ids ->> 'stripeSubscriptionId' <> p_not_of)
      else e.state = 'parked' and e.reason = p_reason
        and (p_stripe_subscription is null or e.object_ids ->> 'stripeSubscriptionId' = p_stripe_subscription)
      end
    order by e.received_at limit p_limit for update skip locked
  )
  update stripe_events e set state = 'received', reason = null, attempts = 0, due_at = p_now
  from chosen c where (e.account, e.livemode, e.event_id) = (c.account, c.livemode, c.event_id)
  returning e.event_id;
end $$;
