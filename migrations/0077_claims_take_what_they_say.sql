-- `where id in (select … limit n for update skip locked)` may take more than n: a plan that asks the inner query anew for each
-- outer row, as is chosen for small tables, passes over what it has just changed, and takes the next. Of outgoing webhooks each
-- lane takes one and sends one, so that what was taken besides waited for its lease to end. What is chosen first, once, is
-- no more than what was asked for.
create or replace function claim_notices(p_now timestamptz, p_until timestamptz, p_limit integer, p_subscription uuid)
returns table (key text, kind text, content jsonb, attempts integer, user_id text, email text, locale text)
language sql set search_path = public, pg_temp as $$
  with due as materialized (
    select d.key from notices d
    where d.state = 'pending' and d.due_at <= p_now and (p_subscription is null or d.subscription_id = p_subscription)
    order by d.due_at limit p_limit for update skip locked
  )
  update notices n set attempts = n.attempts + 1, due_at = p_until
  from due, subscriptions s join customers c on c.user_id = s.user_id
  where n.key = due.key and s.id = n.subscription_id
  returning n.key, n.kind, n.content, n.attempts, c.user_id, c.email, c.locale
$$;

create or replace function claim_stripe_events(
  p_is_bills boolean, p_bills text[], p_now timestamptz, p_until timestamptz, p_limit integer
) returns setof stripe_events language sql set search_path = public, pg_temp as $$
  with due as materialized (
    select e.account, e.livemode, e.event_id from stripe_events e
    where e.state in ('received', 'forwarded') and e.due_at <= p_now and (e.type like any (p_bills)) = p_is_bills
    order by e.due_at limit p_limit for update skip locked
  )
  update stripe_events e set attempts = e.attempts + 1, due_at = p_until
  from due where (e.account, e.livemode, e.event_id) = (due.account, due.livemode, due.event_id)
  returning e.*
$$;

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

create or replace function claim_webhook_deliveries(
  p_endpoint uuid, p_now timestamptz, p_until timestamptz, p_limit integer)
returns table (id bigint, attempts integer, queued_at timestamptz, url text, secrets jsonb, event jsonb)
language sql set search_path = public, pg_temp as $$
  with due as materialized (
    select c.id from webhook_deliveries c join webhook_endpoints o on o.id = c.endpoint_id
    where c.endpoint_id = p_endpoint and o.state = 'enabled' and (o.held_until is null or o.held_until <= p_now)
      and c.state = 'pending' and c.due_at <= p_now
      and not exists (
        select from webhook_deliveries b
        where b.endpoint_id = c.endpoint_id and b.subscription_id = c.subscription_id and b.state = 'pending'
          and b.event_id < c.event_id)
    order by c.due_at, c.id limit p_limit for update of c skip locked
  )
  update webhook_deliveries d set attempts = d.attempts + 1, due_at = p_until, last_attempt_at = p_now
  from due, webhook_endpoints e, webhook_events v
  where d.id = due.id and e.id = d.endpoint_id and v.id = d.event_id
  returning d.id, d.attempts, d.queued_at, e.url, e.secrets, to_jsonb(v)
$$;
