-- never null: all
-- Applies changes in the order given, each with its record, all or nothing.
-- Returns false, and writes nothing, if the catalogue changed since `p_revision`: then the caller reads again and
-- decides again.
--
-- p_writes: an array; `do` names the change, the other fields are its columns.
-- Locks the table of changes, so only one writer at a time; readers are not held up.
create or replace function write_catalogue(p_revision bigint, p_writes jsonb) returns boolean
language plpgsql set search_path = public, pg_temp as $$
declare
  w jsonb;
begin
  lock table catalogue_changes in share row exclusive mode;
  if (select count(*) from catalogue_changes) <> p_revision then
    return false;
  end if;
  for w in select e from jsonb_array_elements(p_writes) as e loop
    case w ->> 'do'
      when 'put feature' then
        insert into features as f (id, code, name, type, unit, meter_event_name)
        select r.id, r.code, r.name, r.type, r.unit, r.meter_event_name from jsonb_populate_record(null::features, w) r
        on conflict (code) do update set name = excluded.name, type = excluded.type, unit = excluded.unit,
          meter_event_name = excluded.meter_event_name;
      when 'delete feature' then
        delete from features where code = w ->> 'code';
      when 'put plan' then
        insert into plans as p (id, slug, name, rank, product_line, kind, fits, auto_attach, created_at)
        -- A process of the release before names no `kind`, and no `auto_attach`, which it keeps.
        select r.id, r.slug, r.name, r.rank, r.product_line, coalesce(r.kind, 'base'), r.fits, coalesce(r.auto_attach, false),
          r.created_at from jsonb_populate_record(null::plans, w) r
        on conflict (slug) do update set name = excluded.name, rank = excluded.rank, product_line = excluded.product_line,
          kind = excluded.kind, fits = excluded.fits,
          auto_attach = case when w ? 'auto_attach' then excluded.auto_attach else p.auto_attach end;
      when 'delete plan' then
        delete from plans where slug = w ->> 'slug';
      when 'write version' then
        perform write_plan_version(w);
      when 'delete version' then
        delete from plan_features where plan_version_id = (w ->> 'id')::uuid;
        delete from plan_versions where id = (w ->> 'id')::uuid;
      when 'publish' then
        update plan_versions set published_at = (w ->> 'at')::timestamptz where id = (w ->> 'id')::uuid;
      when 'sell' then
        perform sell_plan_version((w ->> 'id')::uuid);
      when 'retire' then
        update plan_versions set active = false, retired_at = (w ->> 'at')::timestamptz where id = (w ->> 'id')::uuid;
      when 'record' then
        insert into catalogue_changes (at, by, kind, subject, before, after)
        select r.at, r.by, r.kind, r.subject, r.before, r.after
        from jsonb_populate_record(null::catalogue_changes, w) r;
    end case;
  end loop;
  return true;
end $$;
