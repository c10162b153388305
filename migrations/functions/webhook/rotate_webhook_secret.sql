-- may be null: p_key
-- Adds a new secret. The others sign until `p_until` at most; `p_max` secrets are kept.
--
-- p_sealed: the encrypted secret. p_command names the request: repeated, it adds nothing and returns no row.
create or replace function rotate_webhook_secret(
  p_id uuid, p_sealed text, p_until timestamptz, p_max integer, p_command text, p_now timestamptz, p_key uuid
) returns setof webhook_endpoints language plpgsql set search_path = public, pg_temp as $$
declare
  own webhook_endpoints;
begin
  update webhook_endpoints e set rotated_by = p_command, updated_at = p_now, secrets = (
    select jsonb_agg(jsonb_build_object('sealed', s.sealed, 'until', json_instant(s.until)) order by s.ordinal)
    from (
      select p_sealed as sealed, null::timestamptz as until, 0 as ordinal
      union all
      select o.sealed, least(o.until, p_until), o.ordinal
      from rows from (jsonb_to_recordset(e.secrets) as (sealed text, until timestamptz)) with ordinality
        as o(sealed, until, ordinal)
      where least(o.until, p_until) > p_now
      order by ordinal limit p_max
    ) s)
  where e.id = p_id and e.rotated_by <> p_command
  returning e.* into own;
  if own.id is not null then
    perform note_webhook_action('rotate_webhook_secret', own, own, p_now, p_key);
    return next own;
  end if;
end $$;
