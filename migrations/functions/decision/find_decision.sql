-- never null: all
-- The decision that made a timeline entry; its body in base64. No row if none was recorded.
create or replace function find_decision(p_subscription uuid, p_entry bigint)
returns table (subscription_id uuid, seq bigint, at timestamptz, rule text, build text, body text)
language sql stable set search_path = public, pg_temp as $$
  select d.subscription_id, d.seq, d.at, d.rule, d.build, translate(encode(d.body, 'base64'), E'\n', '')
  from decisions d
  where d.subscription_id = p_subscription and d.first_entry <= p_entry and d.last_entry >= p_entry
$$;
