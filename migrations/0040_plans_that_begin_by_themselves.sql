-- A free plan that a customer without a subscription of its product line has without a call.
alter table plans add column auto_attach boolean not null default false;
create unique index one_plan_of_a_product_line_begins_by_itself on plans (product_line) where auto_attach;

do $$ begin
  if has_api_roles() then
    grant select (auto_attach) on table plans to anon, authenticated;
  end if;
end $$;
