-- may be null: p_seq
-- never null: all
-- Writes one reading of an invoice with its timeline entries and letters in one transaction.
--
-- p_seq: the reading that this one continues; null for the first.
-- Returns false, and writes nothing, if another reading came in between.
-- p_overtaken: how the keys of letters begin that must not be sent any more, because the invoice was paid or tried
-- again.
-- p_events: events of Stripe's that this reading has processed.
-- Locks the subscription, because timeline entries are numbered.
create or replace function save_invoice(
  p_row jsonb, p_seq bigint, p_now timestamptz, p_changes jsonb, p_notices jsonb, p_overtaken text[], p_events text[]
) returns boolean language plpgsql set search_path = public, pg_temp as $$
declare
  r invoices := jsonb_populate_record(null::invoices, p_row);
begin
  -- Timeline entries are numbered: the workflow and the invoices take turns.
  perform from subscriptions where id = r.subscription_id for update;
  if p_seq is null then
    insert into invoices (id, subscription_id, number, status, billing_reason, currency, subtotal_minor,
      discount_minor, tax_minor, total_minor, amount_due_minor, amount_paid_minor, period_start, period_end, collection, attempt_count, next_payment_attempt, due_at, hosted_invoice_url,
      created_at, paid_at, credit_used_minor, credited_minor, refunded_minor, dispute_status, is_empty, observed_seq)
    values (r.id, r.subscription_id, r.number, r.status, r.billing_reason, r.currency, r.subtotal_minor,
      r.discount_minor, r.tax_minor, r.total_minor, r.amount_due_minor, r.amount_paid_minor, r.period_start, r.period_end, r.collection, r.attempt_count, r.next_payment_attempt, r.due_at,
      r.hosted_invoice_url, r.created_at, r.paid_at, coalesce(r.credit_used_minor, 0), r.credited_minor, r.refunded_minor,
      r.dispute_status, coalesce(r.is_empty, false), r.observed_seq)
    on conflict (id) do nothing;
  else
    update invoices set subscription_id = r.subscription_id, number = r.number, status = r.status,
      billing_reason = r.billing_reason, currency = r.currency, subtotal_minor = r.subtotal_minor,
      discount_minor = r.discount_minor, tax_minor = r.tax_minor, total_minor = r.total_minor, amount_due_minor = r.amount_due_minor,
      amount_paid_minor = r.amount_paid_minor, period_start = r.period_start, period_end = r.period_end,
      collection = r.collection, attempt_count = r.attempt_count, next_payment_attempt = r.next_payment_attempt,
      -- A process of the previous release does not send it.
      due_at = coalesce(r.due_at, invoices.due_at),
      hosted_invoice_url = r.hosted_invoice_url, created_at = r.created_at, paid_at = r.paid_at,
      -- A process of the previous release does not send it.
      credit_used_minor = coalesce(r.credit_used_minor, invoices.credit_used_minor), credited_minor = r.credited_minor,
      refunded_minor = r.refunded_minor, dispute_status = r.dispute_status,
      is_empty = coalesce(r.is_empty, invoices.is_empty), observed_seq = r.observed_seq
    where id = r.id and observed_seq = p_seq;
  end if;
  if not found then
    return false;
  end if;
  perform add_subscription_changes(r.subscription_id, p_changes);
  perform add_notices(r.subscription_id, p_notices, p_now);
  update notices n set state = 'skipped', last_error = 'overtaken by a later state of the invoice'
  where n.subscription_id = r.subscription_id and n.state = 'pending'
    and exists (select from unnest(p_overtaken) as o(prefix) where starts_with(n.key, o.prefix))
    and not exists (select from jsonb_to_recordset(p_notices) as p(key text) where p.key = n.key);
  perform finish_stripe_events(r.subscription_id, p_events);
  return true;
end $$;
