-- The sessions of the console and of the account page. A cookie is valid only as long as its row exists, so signing out ends
-- a session in all processes at once.
create table page_sessions (
  id uuid primary key,
  kind text not null,
  -- The user of the account page; the id of the operator's key for the console.
  owner text not null,
  began_at timestamptz not null,
  -- By the clock of the page: the console's is the real one, also after time travel.
  ends_at timestamptz not null,
  constraint page_session_is_of_a_known_page check (kind in ('account', 'console'))
);
create index page_sessions_of_an_owner on page_sessions (kind, owner, began_at);
create index page_sessions_by_end on page_sessions (kind, ends_at);
select close_table('page_sessions');
