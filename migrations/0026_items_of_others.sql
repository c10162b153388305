-- The items of a subscription at Stripe, as they were read last.
alter table subscriptions
  -- Stripe's id of the item that is the plan.
  add column stripe_item_id text,
  -- Items that nobody here made: a list of their prices, products, quantities and amounts; null means that none was read.
  add column foreign_items jsonb;

do $$ begin
  if has_api_roles() then
    grant select (stripe_item_id, foreign_items) on table subscriptions to authenticated;
  end if;
end $$;
