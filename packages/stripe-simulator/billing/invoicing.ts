import type { LinePlan } from '../objects/invoice.ts'
import { invalid } from '../http/refusal.ts'
import { newInvoice } from '../objects/invoice.ts'
import { newInvoicePayment, newPaymentIntent } from '../objects/payment.ts'
import { newId } from '../store/ids.ts'
import type { Invoice, Subscription } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { emit, revise } from '../webhooks/emit.ts'
import { linesOf } from './amounts.ts'
import { DAY, type Span } from './calendar.ts'
import { customerOf } from './customers.ts'
import { discountLines } from './discounts.ts'
import { takeItems } from './pending-items.ts'
import { recountUsage } from './recount.ts'
import { automaticTaxOf, taxIdsOf, taxStatus } from './automatic-tax.ts'
import { taxedLines } from './tax.ts'

type Draft = {
  /** Chosen in advance by callers that refer to the invoice before it exists. */
  readonly id?: string
  readonly subscription: Subscription
  readonly lines: readonly LinePlan[]
  readonly period: Span
  readonly reason: NonNullable<Invoice['billing_reason']>
  readonly finalizesAt?: number | null
  readonly autoAdvance?: boolean
}

/** Stripe's code for an invoice that cannot change now. */
const IN_USE = 'invoice_not_editable'

/** Stripe's default days until an invoice that is sent is due. */
const DAYS_UNTIL_DUE = 30

/** A draft invoice of a subscription. */
export function draftInvoice(step: Step, draft: Draft): Invoice {
  const { subscription } = draft
  const id = draft.id ?? newId('in')
  const customer = customerOf(step, subscription.customer)
  const { enabled: automatic } = subscription.automatic_tax
  const rates = subscription.default_tax_rates ?? []
  const invoice = step.put(
    'invoices',
    newInvoice(
      {
        id,
        created: step.now,
        currency: subscription.currency,
        auto_advance: draft.autoAdvance ?? true,
        automatic_tax: automaticTaxOf(automatic, customer),
        automatically_finalizes_at: draft.finalizesAt ?? null,
        billing_reason: draft.reason,
        collection_method: subscription.collection_method,
        custom_fields: subscription.invoice_settings.custom_fields,
        customer_tax_exempt: customer.tax_exempt ?? 'none',
        customer_tax_ids: taxIdsOf(step, customer),
        default_tax_rates: rates,
        description: subscription.description,
        parent: {
          quote_details: null,
          subscription_details: { metadata: subscription.metadata, subscription: subscription.id },
          type: 'subscription_details',
        },
        period_end: draft.period.end,
        period_start: draft.period.start,
      },
      customer,
      taxedLines(
        step,
        { customer, rates, automatic },
        discountLines(step, subscription, linesOf(draft.lines, id)),
      ),
    ),
  )
  takeItems(step, draft.lines, id)
  emit(step, 'invoice.created', invoice)
  return invoice
}

/**
 * Numbers an invoice, applies the customer's balance and charges the rest. If no amount
 * remains, the invoice is paid when it is finalized.
 */
export function finalizeInvoice(step: Step, given: Invoice): Invoice {
  const draft = withoutTax(step, recountUsage(step, given))
  const customer = customerOf(step, draft.customer ?? '')
  const { due, balance } = afterBalance(draft.total, customer.balance)
  const sequence = customer.next_invoice_sequence ?? 1
  step.put('customers', { ...customer, balance, next_invoice_sequence: sequence + 1 })
  const open: Invoice = {
    ...draft,
    amount_due: due,
    amount_remaining: due,
    auto_advance: draft.auto_advance ?? true,
    automatically_finalizes_at: null,
    due_date: dueDate(step, draft),
    effective_at: step.now,
    ending_balance: balance,
    hosted_invoice_url: `${step.settings.url}/i/${draft.id}`,
    invoice_pdf: `${step.settings.url}/i/${draft.id}`,
    number: `${customer.invoice_prefix}-${String(sequence).padStart(4, '0')}`,
    starting_balance: customer.balance,
    status: 'open',
    status_transitions: { ...draft.status_transitions, finalized_at: step.now },
  }
  step.put('invoices', open)
  if (balance !== customer.balance) {
    const after = customerOf(step, customer.id)
    emit(step, 'customer.updated', after, { balance: customer.balance })
  }
  emit(step, 'invoice.finalized', open)
  if (due === 0) return settleInvoice(step, open)
  const intent = step.put('paymentIntents', newPaymentIntent(open, step.now))
  step.put('invoicePayments', newInvoicePayment(open, intent))
  emit(step, 'payment_intent.created', intent)
  return open
}

/**
 * Stripe finalizes an invoice without tax if it does not know the customer's location, and calculates none for the
 * subscription from then on.
 *
 * @see https://docs.stripe.com/changelog/acacia/2024-12-18/add-disabled-reason
 */
function withoutTax(step: Step, draft: Invoice): Invoice {
  const customer = customerOf(step, draft.customer ?? '')
  if (!draft.automatic_tax.enabled || taxStatus(customer) === 'complete') return draft
  const subscription = subscriptionOf(step, draft)
  if (subscription !== undefined)
    revise(step, 'subscriptions', {
      row: subscription,
      to: {
        automatic_tax: {
          disabled_reason: 'requires_location_inputs',
          enabled: false,
          liability: null,
        },
      },
      event: 'customer.subscription.updated',
    })
  return {
    ...draft,
    automatic_tax: {
      disabled_reason: 'finalization_requires_location_inputs',
      enabled: false,
      liability: null,
      provider: null,
      status: null,
    },
  }
}

/** When a customer who pays by invoice has to have paid. */
function dueDate(step: Step, draft: Invoice): number | null {
  if (draft.collection_method !== 'send_invoice') return null
  return step.now + (subscriptionOf(step, draft)?.days_until_due ?? DAYS_UNTIL_DUE) * DAY
}

/** A customer's credit is a negative balance; a negative invoice becomes credit. */
export function afterBalance(total: number, balance: number) {
  const owed = total + balance
  return { due: Math.max(owed, 0), balance: Math.min(owed, 0) }
}

/** Marks an invoice as paid, by any source of payment. */
export function settleInvoice(step: Step, open: Invoice): Invoice {
  const paid = step.put('invoices', {
    ...open,
    amount_paid: open.amount_due,
    amount_remaining: 0,
    attempted: true,
    auto_advance: false,
    next_payment_attempt: null,
    status: 'paid',
    status_transitions: { ...open.status_transitions, paid_at: step.now },
  })
  emit(step, 'invoice.paid', paid)
  emit(step, 'invoice.payment_succeeded', paid)
  return paid
}

/** Whether the bank has not answered the invoice's payment yet. */
export function isProcessed(step: Pick<Step, 'rows'>, { id: key }: Pick<Invoice, 'id'>): boolean {
  const [first] = step.rows('debits', { index: 'invoice', key })
  return first !== undefined
}

/**
 * Voids an open invoice and cancels its payment.
 *
 * @throws Refusal while a bank processes the payment.
 */
export function voidInvoice(step: Step, open: Invoice): Invoice {
  if (isProcessed(step, open)) {
    throw invalid('You cannot void an invoice while its payment is processing.', undefined, IN_USE)
  }
  const voided = step.put('invoices', {
    ...open,
    auto_advance: false,
    next_payment_attempt: null,
    status: 'void',
    status_transitions: { ...open.status_transitions, voided_at: step.now },
  })
  emit(step, 'invoice.voided', voided)
  cancelPayment(step, voided)
  return voided
}

/** Cancels the open payments of a voided invoice, with their intents. */
export function cancelPayment(step: Step, invoice: Invoice): void {
  for (const payment of step.rows('invoicePayments', { index: 'invoice', key: invoice.id })) {
    if (payment.status !== 'open') continue
    const canceled = { ...payment.status_transitions, canceled_at: step.now }
    step.put('invoicePayments', { ...payment, status: 'canceled', status_transitions: canceled })
    const intent = step.find('paymentIntents', payment.payment.payment_intent ?? '')
    if (intent === undefined) continue
    revise(step, 'paymentIntents', {
      row: intent,
      to: { status: 'canceled', canceled_at: step.now, cancellation_reason: 'void_invoice' },
      event: 'payment_intent.canceled',
    })
  }
}

/** The subscription that an invoice charges, if any. */
export function subscriptionOf(step: Step, invoice: Invoice): Subscription | undefined {
  const id = invoice.parent?.subscription_details?.subscription
  return id === undefined ? undefined : step.find('subscriptions', id)
}
