-- What operators have a subscription's workflow do, and how they find subscriptions.

-- Grants to the user of a subscription, with the entry of its timeline, once per id. Refused and repeated as grant_usage is.
create function grant_to_subscription(
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

create index subscriptions_newest on subscriptions (created_at desc, id desc);

-- The newest first; null matters not. `p_after` is the id of the last one of the page before.
create function list_subscriptions(
  p_status text, p_plan text, p_user text, p_drift boolean, p_after uuid, p_limit integer
) returns setof subscriptions language plpgsql stable
set search_path = public, pg_temp set plan_cache_mode = force_custom_plan as $$
begin
  return query
  select s.* from subscriptions s
  where (p_status is null or s.status = p_status) and (p_user is null or s.user_id = p_user)
    and (p_drift is null or (s.drift is not null) = p_drift)
    and (p_plan is null or s.plan_version_id in (
      select v.id from plan_versions v join plans p on p.id = v.plan_id where p.slug = p_plan))
    and (p_after is null or (s.created_at, s.id) < (
      select a.created_at, a.id from subscriptions a where a.id = p_after))
  order by s.created_at desc, s.id desc
  limit p_limit;
end $$;

select close_function(p.oid) from pg_proc p
where p.pronamespace = 'public'::regnamespace and p.proname = any (array['grant_to_subscription', 'list_subscriptions']);
