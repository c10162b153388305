-- may be null: p_at, p_error
-- Records the result of a claimed report: `reported`, `failed`, or `pending` until `p_at`. A report that is not
-- pending any more stays as it is.
create or replace function end_overage_attempt(
  p_subscription uuid, p_feature uuid, p_start timestamptz, p_sequence integer, p_state text, p_at timestamptz, p_error text
) returns void language sql set search_path = public, pg_temp as $$
  update usage_overage_reports set state = p_state, last_error = p_error,
    reported_at = case when p_state = 'reported' then p_at end,
    due_at = case when p_state = 'pending' then p_at else due_at end
  where subscription_id = p_subscription and feature_id = p_feature and window_start = p_start
    and sequence = p_sequence and state = 'pending'
$$;
