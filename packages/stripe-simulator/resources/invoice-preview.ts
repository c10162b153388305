import type { Stripe } from 'stripe'
import { linesOf, periodLines, recurrence } from '../billing/amounts.ts'
import { periodAt, type Span } from '../billing/calendar.ts'
import { lastLines } from '../billing/cancel.ts'
import { customerOf } from '../billing/customers.ts'
import { discountLines } from '../billing/discounts.ts'
import { afterBalance } from '../billing/invoicing.ts'
import { pendingLines } from '../billing/pending-items.ts'
import { automaticTaxOf } from '../billing/automatic-tax.ts'
import { taxedLines } from '../billing/tax.ts'
import { operation } from '../http/operation.ts'
import {
  either,
  emptyable,
  fields,
  flag,
  id,
  ignored,
  integer,
  metadata,
  oneOf,
  required,
  text,
  unmodelled,
  type Covers,
  type Values,
} from '../http/params.ts'
import { invalid, missing } from '../http/refusal.ts'
import { newInvoice, type LinePlan } from '../objects/invoice.ts'
import { newItem, newSubscription, periodOf } from '../objects/subscription.ts'
import { newId } from '../store/ids.ts'
import type { Invoice, Subscription } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { usageLines } from '../billing/usage.ts'
import { priceOf } from './prices.ts'
import { plannedChange } from './subscription-change.ts'
import { itemChanges } from './subscription-params.ts'
import { prorationBehavior } from './shared-params.ts'

const subscriptionDetails = fields({
  billing_cycle_anchor: fields({
    timestamp: unmodelled,
    type: required(oneOf('now', 'unchanged')),
  }),
  billing_mode: ignored,
  billing_schedules: unmodelled,
  cancel_at: emptyable(integer(0)),
  cancel_at_period_end: flag(),
  cancel_now: flag(),
  default_tax_rates: unmodelled,
  items: itemChanges,
  metadata: metadata(),
  pause: unmodelled,
  proration_behavior: prorationBehavior,
  proration_date: integer(0),
  resume_at: unmodelled,
  start_date: unmodelled,
  trial_end: either(integer(0), oneOf('now')),
})

const PREVIEW = {
  automatic_tax: ignored,
  currency: text(3),
  customer: id(),
  customer_account: unmodelled,
  customer_details: ignored,
  discounts: unmodelled,
  invoice_items: unmodelled,
  issuer: ignored,
  on_behalf_of: unmodelled,
  preview_mode: oneOf('next', 'recurring'),
  schedule: unmodelled,
  schedule_details: unmodelled,
  subscription: id(),
  subscription_details: subscriptionDetails,
} as const satisfies Covers<Stripe.InvoiceCreatePreviewParams>

type Params = Values<typeof PREVIEW>

/**
 * The next invoice, of a subscription, of a change or of a new one; nothing is stored.
 * @see https://docs.stripe.com/billing/subscriptions/prorations#preview-proration
 */
export const invoicePreview = operation('POST /v1/invoices/create_preview', {
  answers: 'invoice',
  params: PREVIEW,
  run: (step, { params }) =>
    params.subscription === undefined
      ? previewOfNew(step, params)
      : previewOfChange(step, params, params.subscription),
})

type Draft = {
  readonly subscription: Subscription
  readonly lines: readonly LinePlan[]
  readonly period: Span
  readonly reason: 'upcoming' | 'subscription_update' | 'subscription_create'
}

/** The same calculation as the change itself, without applying it. */
function previewOfChange(step: Step, params: Params, wanted: string): Invoice {
  const row = step.find('subscriptions', wanted)
  if (row === undefined) throw missing('subscription', wanted, 'subscription', 'param')
  const asked = params.subscription_details
  if (asked?.cancel_now === true) return previewOfEnd(step, row, asked.proration_behavior)
  const change = plannedChange(step, row, asked ?? {}, 'subscription_details.')
  const waiting = pendingLines(step, row)
  const next = { ...row, ...change.to }
  const isNow =
    change.opensPeriod ||
    (asked?.proration_behavior === 'always_invoice' && change.prorations.length > 0)
  if (isNow) {
    const lines = [...waiting, ...change.prorations, ...change.opening]
    return preview(step, {
      subscription: next,
      lines,
      period: periodOf(next),
      reason: 'subscription_update',
    })
  }
  const { end } = periodOf(next)
  if (asked?.cancel_at_period_end ?? row.cancel_at_period_end) {
    if (waiting.length + change.prorations.length === 0) throw noUpcoming(row.customer)
  }
  const anchor = next.status === 'trialing' ? end : next.billing_cycle_anchor
  const period = periodAt(anchor, recurrence(next.items.data), end)
  const lines = [
    ...waiting,
    ...change.prorations,
    ...usageLines(step, next, periodOf(next)),
    ...periodLines(step, next, { period }),
  ]
  return preview(step, { subscription: next, lines, period: periodOf(next), reason: 'upcoming' })
}

/** The last invoice of a subscription that ends now. */
function previewOfEnd(step: Step, row: Subscription, proration: string | undefined): Invoice {
  if (proration !== 'none')
    throw invalid(
      'The simulator credits nothing at an end.',
      'subscription_details',
      'not_simulated',
    )
  const { lines, period } = lastLines(step, row)
  if (lines.length === 0) throw noUpcoming(row.customer)
  return preview(step, { subscription: row, lines, period, reason: 'subscription_update' })
}

/** The cost of a subscription that does not exist yet. */
function previewOfNew(step: Step, params: Params): Invoice {
  const { items, trial_end: trialEnd } = params.subscription_details ?? {}
  if (items === undefined || params.customer === undefined) {
    throw invalid(
      'You must provide a subscription, or a customer and items.',
      'subscription_details[items]',
    )
  }
  const customer = customerOf(step, params.customer)
  const plans = items.map((item, index) => ({
    price: priceOf(step, item.price ?? '', `subscription_details[items][${index}][price]`),
    quantity: item.quantity ?? 1,
  }))
  const isTrial = typeof trialEnd === 'number'
  const period = isTrial
    ? { start: step.now, end: trialEnd }
    : periodAt(step.now, recurrence(plans), step.now)
  const subscription = newSubscription(
    {
      id: newId('sub'),
      created: step.now,
      currency: plans[0]?.price.currency ?? 'usd',
      customer: customer.id,
      billing_cycle_anchor: step.now,
      status: 'active',
    },
    plans.map((plan) => newItem(plan, { subscription: 'sub_preview', created: step.now, period })),
  )
  const lines = periodLines(step, subscription, { period, free: isTrial })
  return preview(step, { subscription, lines, period, reason: 'subscription_create' })
}

function preview(step: Step, { subscription, lines, period, reason }: Draft): Invoice {
  const customer = customerOf(step, subscription.customer)
  const invoiceId = newId('upcoming_in')
  const { enabled: automatic } = subscription.automatic_tax
  const draft = newInvoice(
    {
      id: invoiceId,
      created: step.now,
      automatic_tax: automaticTaxOf(automatic, customer),
      currency: subscription.currency,
      billing_reason: reason,
      parent: {
        quote_details: null,
        subscription_details: { metadata: subscription.metadata, subscription: subscription.id },
        type: 'subscription_details',
      },
      period_end: period.end,
      period_start: period.start,
    },
    customer,
    taxedLines(
      step,
      { customer, rates: subscription.default_tax_rates ?? [], automatic },
      discountLines(step, subscription, linesOf(lines, invoiceId)),
    ),
  )
  const { due, balance } = afterBalance(draft.total, customer.balance)
  return { ...draft, amount_due: due, amount_remaining: due, ending_balance: balance }
}

const noUpcoming = (customer: string) =>
  invalid(`No upcoming invoices for customer: ${customer}`, undefined, 'invoice_upcoming_none')
