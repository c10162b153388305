-- may be null: p_user, p_before, p_after, p_key, p_by
-- Records what an operator did. `p_command` names the request; a repeated request is recorded once.
--
-- p_key: the id of the API key, or null if the request came through Temporal's UI; then p_by says who asked.
create or replace function note_operator_action(
  p_command text, p_action text, p_user text, p_before jsonb, p_after jsonb, p_now timestamptz, p_key uuid, p_by text
) returns void language sql set search_path = public, pg_temp as $$
  insert into operator_actions (at, key_id, asked_by, action, user_id, before, after, command)
  values (p_now, p_key, p_by, p_action, p_user, p_before, p_after, p_command)
  on conflict (command) do nothing
$$;
