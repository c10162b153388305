-- needed by: tables
--
-- The mark of a window with extras is never set back: see 0011_extras_stay.sql.
create or replace function refuse_extras_set_back() returns trigger language plpgsql as $$
begin
  raise exception 'the window of feature % from % on has extras, or once had: that stays', old.feature_id, old.window_start
    using errcode = 'check_violation', constraint = 'extras_of_a_window_stay';
end $$;
