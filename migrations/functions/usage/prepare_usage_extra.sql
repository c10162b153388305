-- callers: functions
-- Finds the feature, creates the customer if there is none, and marks the open windows: from now on more than their own
-- row counts. `refusal` says why the feature has no amount. A customer may get something before the first purchase.
--
-- Locks the user's subscriptions until the end of the transaction, so that no window opens in between without the
-- mark. The lock is the weaker one (`no key update`), because a reservation refers to its subscription after it has
-- locked its window.
create or replace function prepare_usage_extra(
  p_user text, p_feature text, p_now timestamptz, out feature_id uuid, out refusal text
) language plpgsql set search_path = public, pg_temp as $$
declare
  v_type text;
begin
  select f.id, f.type into feature_id, v_type from features f where f.code = p_feature;
  if not found then
    refusal := 'feature_not_found';
    return;
  elsif v_type = 'boolean' then
    refusal := 'feature_not_countable';
    return;
  end if;
  insert into customers (user_id, created_at) values (p_user, p_now) on conflict (user_id) do nothing;
  perform from subscriptions s where s.user_id = p_user order by s.id for no key update;
  update feature_usage u set has_extras = true, alert_at = 0
  from (
    select w.subscription_id, w.feature_id, w.window_start from feature_usage w
    join subscriptions s on s.id = w.subscription_id
    where s.user_id = p_user and w.feature_id = prepare_usage_extra.feature_id and w.window_end > p_now
    order by w.subscription_id, w.window_start for update of w
  ) w
  where u.subscription_id = w.subscription_id and u.feature_id = w.feature_id and u.window_start = w.window_start;
end $$;
