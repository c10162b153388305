-- needed by: tables
--
-- A feature that a published version grants keeps its code and its type, because both are part of what was sold.
create or replace function refuse_change_of_granted_feature() returns trigger language plpgsql as $$
begin
  if (new.id, new.code, new.type) is distinct from (old.id, old.code, old.type) and exists (
    select from plan_features pf join plan_versions v on v.id = pf.plan_version_id
    where pf.feature_id = old.id and v.published_at is not null
  ) then
    raise exception 'feature % is granted by a published plan version: its code and type cannot change', old.code
      using errcode = 'check_violation', constraint = 'granted_features_keep_code_and_type';
  end if;
  return new;
end $$;
