-- A payment that a bank has not answered yet, and collection that was paused in Stripe's dashboard.
alter table subscriptions
  -- `first`: nothing was paid before, so there is no access yet.
  add column payment_processing text,
  -- Stripe's word for the fate of the invoices.
  add column collection_pause text,
  add column collection_resumes_at timestamptz,
  -- The end of the last period that was collected.
  add column collection_paid_until timestamptz,
  add constraint payment_processing_is_known check (payment_processing in ('first', 'later')),
  add constraint collection_pause_is_whole check (
    (collection_pause is null) = (collection_paid_until is null)
    and (collection_pause is not null or collection_resumes_at is null));

do $$ begin
  if has_api_roles() then
    grant select (payment_processing, collection_pause, collection_resumes_at, collection_paid_until)
      on table subscriptions to authenticated;
  end if;
end $$;
