-- never null: all
-- Windows of one user whose billed overage is not reported yet. `starts` is text, because JSON and JavaScript would cut it to
-- milliseconds.
create or replace function list_overage_due_of_user(p_user text, p_limit integer)
returns table (subscription_id uuid, feature_id uuid, starts text)
language sql stable set search_path = public, pg_temp as $$
  select d.subscription_id, d.feature_id, d.window_start::text from usage_overage_due d
  join subscriptions s on s.id = d.subscription_id
  where s.user_id = p_user limit p_limit
$$;
