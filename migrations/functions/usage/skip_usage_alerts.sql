-- Gives up the pending alerts of a subscription's customer, with a reason, unless another subscription is live.
create or replace function skip_usage_alerts(p_subscription uuid, p_reason text) returns void
language sql set search_path = public, pg_temp as $$
  update usage_alerts set state = 'skipped', last_error = p_reason
  where state = 'pending' and subscription_id = (
    select s.usage_home from subscriptions s
    where s.id = p_subscription and not exists (
      select from subscriptions l where l.usage_home = s.usage_home and l.status not in ('canceled', 'incomplete_expired')))
$$;
