-- callers: functions
-- Puts a version on sale, and takes off sale the one that it replaces: of the same plan, for the same buyers, in the
-- same currency. A version made for one user replaces every other one made for that user.
create or replace function sell_plan_version(p_id uuid) returns void language sql set search_path = public, pg_temp as $$
  update plan_versions o set active = false from plan_versions v
  where v.id = p_id and o.id <> v.id and o.active and o.plan_id = v.plan_id
    and o.custom_for is not distinct from v.custom_for and (v.custom_for is not null or o.currency = v.currency);
  update plan_versions set active = true where id = p_id
$$;
