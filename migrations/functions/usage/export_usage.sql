-- may be null: p_after
-- never null: all but quota_limit
-- Usage windows that begin in [p_from, p_to), for an export.
-- p_after: the `cursor` of the last row of the page before.
create or replace function export_usage(p_from timestamptz, p_to timestamptz, p_after text, p_limit integer)
returns table (
  cursor text, user_id text, feature text, window_start timestamptz, window_end timestamptz, used_amount bigint,
  quota_limit bigint, granted_amount bigint, overage_amount bigint, billed_amount bigint
) language sql stable set search_path = public, pg_temp as $$
  select concat_ws('/', u.subscription_id, u.feature_id, u.window_start), s.user_id, f.code, u.window_start, u.window_end,
    u.used_amount, u.quota_limit, u.granted_amount, u.overage_amount, u.billed_amount
  from feature_usage u join subscriptions s on s.id = u.subscription_id join features f on f.id = u.feature_id
  where u.window_start >= p_from and u.window_start < p_to
    and (p_after is null or (u.subscription_id, u.feature_id, u.window_start) > (
      split_part(p_after, '/', 1)::uuid, split_part(p_after, '/', 2)::uuid, split_part(p_after, '/', 3)::timestamptz))
  order by u.subscription_id, u.feature_id, u.window_start
  limit p_limit
$$;
