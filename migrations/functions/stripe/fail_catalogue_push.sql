-- Records why a push failed. It is due again already: see `claim_catalogue_pushes`.
create or replace function fail_catalogue_push(p_version uuid, p_error text) returns void
language sql set search_path = public, pg_temp as $$
  update stripe_catalogue set last_error = p_error where plan_version_id = p_version
$$;
