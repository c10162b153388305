-- never null: all
-- The kinds among these identities that had a trial in the product line, in any order. A trial that began before identities
-- were stored counts for its user.
-- p_identities: [{kind, hash}]
create or replace function find_trial_identities(p_user text, p_product_line text, p_identities jsonb)
returns setof text language sql stable set search_path = public, pg_temp as $$
  select i.kind from jsonb_to_recordset(p_identities) as i(kind text, hash text)
  join trial_identities t on t.product_line = p_product_line and t.kind = i.kind and t.hash = i.hash
  union
  select 'user' where had_trial(p_user, p_product_line)
$$;
