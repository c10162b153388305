-- callers: functions
-- The counter after one more request: unchanged if the request does not fit. A null limit is unlimited. The step of
-- the aggregate `usage_that_fits`.
create or replace function usage_after(p_after bigint, p_used bigint, p_amount bigint, p_limit bigint) returns bigint
language plpgsql immutable as $$
begin
  p_after := coalesce(p_after, p_used);
  return case when p_limit is null or p_after + p_amount <= p_limit then p_after + p_amount else p_after end;
end $$;
