-- An override of a boolean feature switches it on or off for one user; one of a counted feature has a limit.
alter table usage_overrides add column is_enabled boolean;
alter table usage_overrides
  add constraint switch_has_no_limit check (is_enabled is null or quota_limit is null);
-- Users may read it, as they may read their limits: see `0010_access.sql`.
do $$
begin
  if has_api_roles() then
    grant select (is_enabled) on table usage_overrides to authenticated;
  end if;
end $$;
