-- never null: all but oldest_queued_at
-- How many deliveries wait and since when, and how many endpoints are enabled and disabled.
create or replace function webhook_figures()
returns table (pending bigint, oldest_queued_at timestamptz, enabled bigint, disabled bigint)
language sql stable set search_path = public, pg_temp as $$
  select w.pending, w.oldest, e.enabled, e.disabled
  from (select count(*) as pending, min(d.queued_at) as oldest from webhook_deliveries d where d.state = 'pending') w,
    (select count(*) filter (where o.state = 'enabled') as enabled,
      count(*) filter (where o.state = 'disabled') as disabled from webhook_endpoints o) e
$$;
