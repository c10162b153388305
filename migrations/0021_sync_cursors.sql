-- How far something that is read piece by piece has been read, and when it is read on. Whoever claims a cursor has it
-- until due_at; a process that dies over it is followed by another one then.
create table sync_cursors (
  name text primary key,
  position timestamptz not null,
  due_at timestamptz not null
);
