-- callers: functions
-- Whether a user ever had a trial in a product line.
create or replace function had_trial(p_user text, p_product_line text) returns boolean
language sql stable set search_path = public, pg_temp as $$
  select exists (
    select from subscription_changes c join subscriptions s on s.id = c.subscription_id
    where s.user_id = p_user and s.product_line = p_product_line and c.kind = 'trial_started')
$$;
