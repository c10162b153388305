-- never null: all
-- Windows whose billed overage is not reported yet. `starts` is text, because JSON and JavaScript would cut it to
-- milliseconds.
create or replace function list_overage_due(p_limit integer)
returns table (subscription_id uuid, feature_id uuid, starts text)
language sql stable set search_path = public, pg_temp as $$
  select d.subscription_id, d.feature_id, d.window_start::text from usage_overage_due d limit p_limit
$$;
