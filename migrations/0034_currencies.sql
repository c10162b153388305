-- A plan may be sold in several currencies: of each, one version is on sale.
drop index one_active_version_per_plan;
create unique index one_active_version_per_plan_and_currency on plan_versions (plan_id, currency)
  where active and custom_for is null;
