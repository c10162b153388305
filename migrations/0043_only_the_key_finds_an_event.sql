-- 0013 led the index for histories by the feature, so that it would be of no use for a key. Since Postgres 18 an index
-- also serves questions that leave out what leads it (skip scans), and a partition without statistics again gave keys to
-- it: each lookup read all events of the subscription. Now it holds one number for a counter, which nothing but a history
-- asks for. It is smaller by half, too.
create function usage_counter(p_subscription uuid, p_feature uuid) returns bigint
language sql immutable parallel safe
return uuid_hash_extended(p_subscription, uuid_hash_extended(p_feature, 0));

drop index usage_events_of_a_feature;
create index usage_events_of_a_counter on usage_events (usage_counter(subscription_id, feature_id), occurred_at);

-- A key is looked up in each of the three months by the whole of its primary key, in one partition each. Everything else
-- of consume_usage stays as 0042 left it.
do $$
declare
  v_function regprocedure :=
    'consume_usage(timestamptz, text[], text[], text[], bigint[], timestamptz[], timestamptz)'::regprocedure;
  v_before text := pg_get_functiondef(v_function);
  v_after text := replace(v_before,
$old$      select e.outcome, e.reason, e.used_after, e.remaining_after, e.window_start, e.feature_id, e.amount
      from usage_events e
      where e.recorded_month in (v_month_before, v_month, v_month_after)
        and e.subscription_id = i.subscription_id and e.idempotency_key = i.key
      limit 1$old$,
$new$      select e.outcome, e.reason, e.used_after, e.remaining_after, e.window_start, e.feature_id, e.amount
      from usage_events e
      where e.recorded_month = v_month and e.subscription_id = i.subscription_id and e.idempotency_key = i.key
      union all
      select e.outcome, e.reason, e.used_after, e.remaining_after, e.window_start, e.feature_id, e.amount
      from usage_events e
      where e.recorded_month = v_month_before and e.subscription_id = i.subscription_id and e.idempotency_key = i.key
      union all
      select e.outcome, e.reason, e.used_after, e.remaining_after, e.window_start, e.feature_id, e.amount
      from usage_events e
      where e.recorded_month = v_month_after and e.subscription_id = i.subscription_id and e.idempotency_key = i.key
      limit 1$new$);
begin
  if v_after = v_before then
    raise exception 'consume_usage is not as 0042 left it';
  end if;
  execute v_after;
end $$;
