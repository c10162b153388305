-- never null: all
-- Deletes at most `p_limit` stored answers from before `p_before`, and returns how many. Bounded, so that it never
-- holds others up for long; the caller repeats it until it returns less than `p_limit`.
create or replace function forget_idempotency_keys(p_before timestamptz, p_limit integer) returns bigint
language sql set search_path = public, pg_temp as $$
  with gone as (
    delete from idempotency_keys where (caller, key) in (
      select k.caller, k.key from idempotency_keys k where k.created_at < p_before limit p_limit)
    returning 1
  )
  select count(*) from gone
$$;
