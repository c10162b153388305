-- may be null: p_replaced
-- Begins a session of a page.
--
-- Ends `p_replaced`, the session that the browser had before, and the oldest ones of the owner beyond `p_max`. Also deletes
-- up to 100 expired sessions, so the table never holds many more than the live ones. Rows that another call is deleting are
-- left to it.
create or replace function begin_page_session(
  p_id uuid, p_kind text, p_owner text, p_now timestamptz, p_until timestamptz, p_replaced uuid, p_max integer
) returns void language plpgsql set search_path = public, pg_temp as $$
begin
  delete from page_sessions s where s.id = p_replaced;
  delete from page_sessions s where s.id in (
    select o.id from page_sessions o where o.kind = p_kind and o.ends_at <= p_now
    limit 100 for update skip locked);
  insert into page_sessions (id, kind, owner, began_at, ends_at) values (p_id, p_kind, p_owner, p_now, p_until);
  delete from page_sessions s where s.id in (
    select o.id from page_sessions o where o.kind = p_kind and o.owner = p_owner and o.id <> p_id
    order by o.began_at desc, o.id offset p_max - 1 for update skip locked);
end $$;
