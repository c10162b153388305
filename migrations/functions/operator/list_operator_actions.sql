-- may be null: p_user
-- The actions of operators, newest first: to one user, or to all if `p_user` is null.
create or replace function list_operator_actions(p_user text, p_limit integer) returns setof operator_actions
language sql stable set search_path = public, pg_temp as $$
  select a.* from operator_actions a where p_user is null or a.user_id = p_user order by a.id desc limit p_limit
$$;
