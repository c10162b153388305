-- needed by: tables
--
-- A status follows only from those that `status_transitions` names.
create or replace function refuse_impossible_transition() returns trigger language plpgsql as $$
begin
  if old.status <> new.status
     and not exists (select from status_transitions t where t.before = old.status and t.after = new.status) then
    raise exception 'a subscription that is % cannot become %', old.status, new.status
      using errcode = 'check_violation', constraint = 'status_follows_the_rules';
  end if;
  return new;
end $$;
