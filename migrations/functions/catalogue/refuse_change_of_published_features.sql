-- needed by: tables
--
-- The features of a published version never change.
create or replace function refuse_change_of_published_features() returns trigger language plpgsql as $$
begin
  if exists (
    select from plan_versions v
    where v.published_at is not null and v.id in (old.plan_version_id, new.plan_version_id)
  ) then
    raise exception 'the features of a published plan version cannot change: publish a new version'
      using errcode = 'check_violation', constraint = 'published_features_are_immutable';
  end if;
  return coalesce(new, old);
end $$;
