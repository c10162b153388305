-- may be null: p_expires_at, p_key, p_by
-- never null: all
-- As `grant_usage`, to the user of a subscription, with a timeline entry, once per id.
-- p_by: who asked.
create or replace function grant_to_subscription(
  p_subscription uuid, p_id uuid, p_feature text, p_amount bigint, p_expires_at timestamptz, p_reason text,
  p_now timestamptz, p_key uuid, p_by text, p_changes jsonb
) returns jsonb language plpgsql set search_path = public, pg_temp as $$
declare
  v_user text;
  v_is_new boolean := not exists (select from usage_grants g where g.id = p_id);
  v_outcome jsonb;
begin
  select s.user_id into v_user from subscriptions s where s.id = p_subscription for no key update;
  v_outcome := grant_usage(p_id, v_user, p_feature, p_amount, p_expires_at, p_reason, p_now, p_key);
  if v_is_new and v_outcome ->> 'kind' = 'granted' then
    update operator_actions a set asked_by = p_by
    where a.user_id = v_user and a.action = 'grant' and a.after ->> 'id' = p_id::text;
    perform add_subscription_changes(p_subscription, p_changes);
  end if;
  return v_outcome;
end $$;
