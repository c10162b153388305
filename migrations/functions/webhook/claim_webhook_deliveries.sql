-- never null: all
-- Claims due deliveries of an endpoint for the caller alone until `p_until`: of each subscription the first that is
-- neither acknowledged nor given up, so that an application receives them in order.
--
-- Pass the returned `attempts` to `finish_webhook_delivery`. The rows are chosen first, for the reason given in
-- `claim_notices`.
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
