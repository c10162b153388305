-- may be null: p_slug
-- never null: all
-- All features, and all plans (or the one with this slug) with their versions, read in one snapshot.
--
-- Each feature names the plans that charge its overage in a published version (`billedIn`), also those that are not read.
--
-- `revision` is the number of recorded changes. `write_catalogue` accepts changes only for the latest revision.
create or replace function read_catalogue(p_slug text) returns jsonb
language sql stable set search_path = public, pg_temp as $$
  select jsonb_build_object(
    'revision', (select count(*) from catalogue_changes),
    'features', coalesce((
      select jsonb_agg(jsonb_build_object('code', f.code, 'name', f.name, 'type', f.type, 'unit', f.unit,
        'meterEventName', f.meter_event_name, 'grantedBy', array(
          select p.slug || '/' || v.version
          from plan_features pf join plan_versions v on v.id = pf.plan_version_id join plans p on p.id = v.plan_id
          where pf.feature_id = f.id order by p.slug, v.version),
        'isGivenToUsers', exists (select from usage_overrides o where o.feature_id = f.id)
          or exists (select from usage_grants g where g.feature_id = f.id),
        'billedIn', coalesce((
          select jsonb_agg(distinct jsonb_build_object('plan', p.slug, 'line', p.product_line,
            'isPriced', pf.usage_price is not null))
          from plan_features pf join plan_versions v on v.id = pf.plan_version_id join plans p on p.id = v.plan_id
          where pf.feature_id = f.id and pf.overage = 'bill' and v.published_at is not null), '[]')) order by f.code)
      from features f), '[]'),
    'plans', coalesce((
      select jsonb_agg(jsonb_build_object('id', p.id, 'slug', p.slug, 'name', p.name, 'rank', p.rank,
        'productLine', p.product_line, 'kind', p.kind, 'fits', p.fits, 'autoAttach', p.auto_attach,
        'versions', coalesce((
          select jsonb_agg(catalogue_version_as_json(v) order by v.version desc) from plan_versions v
          where v.plan_id = p.id), '[]')) order by p.rank, p.slug)
      from plans p where p_slug is null or p.slug = p_slug), '[]'))
$$;
