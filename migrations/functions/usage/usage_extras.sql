-- callers: functions
-- What must be looked up for a window with extras, as of `p_now`: the override, what grants still hold, what is
-- reserved.
--
-- Expired overrides, grants and reservations do not count from the instant of their expiry on; nothing has to delete
-- them.
create or replace function usage_extras(
  p_now timestamptz, p_user text, p_subscription uuid, p_feature uuid, p_start timestamptz,
  out is_overridden boolean, out override_limit bigint, out granted_left bigint, out held_amount bigint
) language sql stable as $$
  select o.user_id is not null, o.quota_limit,
    (select coalesce(sum(g.amount - g.used_amount), 0)::bigint from usage_grants g
     where g.user_id = p_user and g.feature_id = p_feature and g.revoked_at is null
       and (g.expires_at is null or g.expires_at > p_now)),
    (select coalesce(sum(r.amount), 0)::bigint from usage_reservations r
     where r.subscription_id = p_subscription and r.feature_id = p_feature and r.window_start = p_start
       and r.state = 'held' and r.expires_at > p_now)
  from (values (1)) as one
  left join usage_overrides o on o.user_id = p_user and o.feature_id = p_feature
    and (o.expires_at is null or o.expires_at > p_now)
$$;
