-- Add-ons: plans that are sold beside a base plan, in the same subscription.

alter table plans
  add column kind text not null default 'base',
  -- The slugs of the base plans that an add-on can be added to; null is every base plan of its product line.
  add column fits text[],
  add constraint plan_kind_is_known check (kind in ('base', 'addon')),
  add constraint only_addons_fit_base_plans check (fits is null or kind = 'addon');

alter table subscriptions
  -- `[{"planVersionId", "quantity", "stripeItemId"}]`. On the row, so that plan and add-ons change in one write with one
  -- `observed_seq`: see `docs/decisions/0017-addons-on-the-row.md`. Null: written by the release before.
  add column addons jsonb,
  -- The add-ons after the pending change, `[{"planVersionId", "quantity"}]`. Null: they stay as they are.
  add column pending_addons jsonb,
  add constraint pending_addons_are_of_a_change check (pending_addons is null or pending_kind is not null);

-- The subscriptions with an add-on are found without reading the others.
create index subscriptions_by_addon on subscriptions using gin (addons jsonb_path_ops)
  where addons is not null and addons <> '[]';

do $$ begin
  if has_api_roles() then
    grant select (kind, fits) on table plans to anon, authenticated;
    grant select (addons, pending_addons) on table subscriptions to authenticated;
  end if;
end $$;
