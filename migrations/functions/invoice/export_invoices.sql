-- callers: functions
-- Only the release before calls it; this one calls `export_invoices_with_amounts`.
-- may be null: p_after
-- never null: all but number, paid_at, dispute_status
-- Invoices created in [p_from, p_to), oldest first, without drafts, for an export.
-- p_after: the last invoice of the page before.
create or replace function export_invoices(p_from timestamptz, p_to timestamptz, p_after text, p_limit integer)
returns table (
  id text, number text, user_id text, subscription_id uuid, status text, billing_reason text, currency text,
  amount_due_minor bigint, amount_paid_minor bigint, refunded_minor bigint, credited_minor bigint,
  period_start timestamptz, period_end timestamptz, created_at timestamptz, paid_at timestamptz, dispute_status text
) language sql stable set search_path = public, pg_temp as $$
  select i.id, i.number, s.user_id, i.subscription_id, i.status, i.billing_reason, i.currency, i.amount_due_minor,
    i.amount_paid_minor, i.refunded_minor, i.credited_minor, i.period_start, i.period_end, i.created_at, i.paid_at,
    i.dispute_status
  from invoices i join subscriptions s on s.id = i.subscription_id
  where i.created_at >= p_from and i.created_at < p_to and i.status not in ('draft', 'deleted')
    and (p_after is null or (i.created_at, i.id) > (select a.created_at, a.id from invoices a where a.id = p_after))
  order by i.created_at, i.id
  limit p_limit
$$;
