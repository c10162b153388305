-- A pause stops the clock of the period and of the quotas.

-- When the clock of a paused subscription stopped; null if it runs, or if the pause left nothing that could continue.
alter table subscriptions add column paused_at timestamptz,
  add constraint only_the_paused_stand_still check (paused_at is null or status = 'paused');
do $$
begin
  if has_api_roles() then
    grant select (paused_at) on table subscriptions to authenticated;
  end if;
end $$;

-- The end of a window when a pause stopped it last. While it is stopped, it has no end.
alter table feature_usage add column stopped_end timestamptz;
