-- callers: functions
-- Queues letters to a customer. The key names the fact, so a fact that is seen twice is one letter.
create or replace function add_notices(p_subscription uuid, p_notices jsonb, p_now timestamptz) returns void
language sql set search_path = public, pg_temp as $$
  insert into notices (key, subscription_id, kind, content, due_at, created_at)
  select n.key, p_subscription, n.kind, n.content, p_now, p_now
  from jsonb_to_recordset(p_notices) as n(key text, kind text, content jsonb)
  on conflict (key) do nothing
$$;
