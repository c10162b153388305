-- The limit of a feature may be that of one unit: four seats bought are four seats.
alter table plan_features add column per_quantity boolean not null default false,
  add constraint only_a_limit_counts_per_quantity check (not per_quantity or quota_limit is not null);

do $$ begin
  if has_api_roles() then
    grant select (per_quantity) on table plan_features to anon, authenticated;
  end if;
end $$;
