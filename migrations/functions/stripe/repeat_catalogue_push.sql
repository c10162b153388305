-- Makes a version due to be pushed again now.
create or replace function repeat_catalogue_push(p_slug text, p_version integer, p_now timestamptz) returns void
language sql set search_path = public, pg_temp as $$
  update stripe_catalogue c set pushed_at = null, due_at = p_now, attempts = 0
  from plan_versions v join plans p on p.id = v.plan_id
  where v.id = c.plan_version_id and p.slug = p_slug and v.version = p_version
$$;
