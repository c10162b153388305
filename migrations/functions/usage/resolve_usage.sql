-- callers: functions
-- The subscription and the feature that a user means, or the obstacle. The same rule as in `consume_usage`.
create or replace function resolve_usage(
  p_now timestamptz, p_user text, p_feature text,
  out subscription_id uuid, out feature_id uuid, out overage text, out obstacle text
) language sql stable as $$
  select s.id, f.id, coalesce(pf.overage, own.overage), case
      when s.id is null then 'no_subscription'
      when not coalesce(o.is_enabled, pf.feature_id is not null or own.feature_id is not null) then 'feature_not_in_plan'
      when f.type = 'boolean' then 'feature_not_countable'
      when s.access_until is null or s.access_until <= p_now then 'no_access'
    end
  from (values (1)) as one
  left join features f on f.code = p_feature
  left join subscriptions s on s.user_id = p_user and s.status not in ('canceled', 'incomplete_expired')
  left join plan_features pf on pf.plan_version_id = s.plan_version_id and pf.feature_id = f.id
  left join lateral usage_addon_feature(s, f.id) own on pf.feature_id is null
  left join usage_overrides o on f.type = 'boolean' and o.user_id = p_user and o.feature_id = f.id
    and (o.expires_at is null or o.expires_at > p_now)
  order by coalesce(pf.feature_id, own.feature_id) is null, s.access_until is null, s.product_line
  limit 1
$$;
