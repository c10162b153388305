-- Gives up the pending alerts of a subscription, with a reason.
create or replace function skip_usage_alerts(p_subscription uuid, p_reason text) returns void
language sql set search_path = public, pg_temp as $$
  update usage_alerts set state = 'skipped', last_error = p_reason
  where subscription_id = p_subscription and state = 'pending'
$$;
