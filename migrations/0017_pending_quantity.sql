-- A pending change may also change the quantity. Null: it keeps the present one, as every change of the release before did.

alter table subscriptions add column pending_quantity integer;
alter table subscriptions add constraint pending_quantity_is_of_a_change check (
  pending_quantity is null or (pending_kind is not null and pending_quantity >= 1));

do $$ begin
  if has_api_roles() then
    grant select (pending_quantity) on table subscriptions to authenticated;
  end if;
end $$;
