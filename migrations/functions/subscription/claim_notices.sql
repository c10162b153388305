-- may be null: p_subscription
-- never null: all but email
-- Claims due letters, of one subscription or of all (null), for the caller alone until `p_until`. Counts the attempt.
--
-- The rows are chosen first, in a materialized step: an inner query with `limit` in the `where` of the update may be
-- run again for each row, and then claims more than `p_limit`.
create or replace function claim_notices(p_now timestamptz, p_until timestamptz, p_limit integer, p_subscription uuid)
returns table (key text, kind text, content jsonb, attempts integer, user_id text, email text, locale text)
language sql set search_path = public, pg_temp as $$
  with due as materialized (
    select d.key from notices d
    where d.state = 'pending' and d.due_at <= p_now and (p_subscription is null or d.subscription_id = p_subscription)
    order by d.due_at limit p_limit for update skip locked
  )
  update notices n set attempts = n.attempts + 1, due_at = p_until
  from due, subscriptions s join customers c on c.user_id = s.user_id
  where n.key = due.key and s.id = n.subscription_id
  returning n.key, n.kind, n.content, n.attempts, c.user_id, c.email, c.locale
$$;
