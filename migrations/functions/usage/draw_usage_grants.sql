-- callers: functions
-- Uses grants, those that expire first first; or, with a negative amount, releases to the grants that this window
-- used, in reverse order.
--
-- The caller has locked the grants. Throws if they do not hold the amount.
create or replace function draw_usage_grants(p_now timestamptz, p_user text, u feature_usage, p_amount bigint) returns void
language plpgsql as $$
declare
  v_rest bigint := abs(p_amount);
  v_part bigint;
  g record;
begin
  for g in
    select w.id, w.amount - w.used_amount as left_amount, coalesce(d.amount, 0) as drawn
    from usage_grants w
    left join usage_grant_draws d on d.grant_id = w.id and d.subscription_id = u.subscription_id
      and d.window_start = u.window_start
    where w.user_id = p_user and w.feature_id = u.feature_id and case
      when p_amount > 0 then w.revoked_at is null and (w.expires_at is null or w.expires_at > p_now)
      else d.amount > 0 end
    order by case when p_amount < 0 then w.expires_at end desc nulls first,
      case when p_amount < 0 then w.created_at end desc, case when p_amount < 0 then w.id end desc,
      w.expires_at nulls last, w.created_at, w.id
  loop
    exit when v_rest = 0;
    v_part := least(v_rest, case when p_amount > 0 then g.left_amount else g.drawn end);
    continue when v_part = 0;
    v_rest := v_rest - v_part;
    update usage_grants w set used_amount = w.used_amount + sign(p_amount)::bigint * v_part where w.id = g.id;
    insert into usage_grant_draws as d (grant_id, subscription_id, feature_id, window_start, amount)
    values (g.id, u.subscription_id, u.feature_id, u.window_start, v_part)
    on conflict (grant_id, subscription_id, window_start) do update
      set amount = d.amount + sign(p_amount)::bigint * v_part;
  end loop;
  if v_rest > 0 then
    raise exception 'grants of % do not hold %', p_user, p_amount;
  end if;
end $$;
