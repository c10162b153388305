-- may be null: p_after
-- The invoices of a user, newest first, without drafts and without empty ones, which say nothing.
-- p_after: the last invoice of the page before.
create or replace function list_invoices(p_user text, p_limit integer, p_after text) returns setof invoices
language sql stable set search_path = public, pg_temp as $$
  select i.* from invoices i join subscriptions s on s.id = i.subscription_id
  where s.user_id = p_user and i.status not in ('draft', 'deleted') and not i.is_empty
    and (p_after is null or (i.created_at, i.id) < (select a.created_at, a.id from invoices a where a.id = p_after))
  order by i.created_at desc, i.id desc
  limit p_limit
$$;
