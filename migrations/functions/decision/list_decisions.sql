-- may be null: p_after_at, p_after_subscription, p_after_seq
-- never null: all
-- Decisions since `p_since`, oldest first, at most `p_limit`; bodies in base64.
-- p_after_at, p_after_subscription, p_after_seq: the last decision of the page before; all null for the first page.
create or replace function list_decisions(
  p_since timestamptz, p_after_at timestamptz, p_after_subscription uuid, p_after_seq bigint, p_limit integer
) returns table (subscription_id uuid, seq bigint, at timestamptz, rule text, build text, body text)
language sql stable set search_path = public, pg_temp as $$
  select d.subscription_id, d.seq, d.at, d.rule, d.build, translate(encode(d.body, 'base64'), E'\n', '')
  from decisions d
  where d.at >= p_since
    and (p_after_at is null or (d.at, d.subscription_id, d.seq) > (p_after_at, p_after_subscription, p_after_seq))
  order by d.at, d.subscription_id, d.seq
  limit p_limit
$$;
