import { newCharge, type Declined } from '../objects/payment.ts'
import type { Charge, Invoice, PaymentIntent, PaymentMethod } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { emit } from '../webhooks/emit.ts'
import { invalid } from '../http/refusal.ts'
import { DAY } from './calendar.ts'
import { declineOf } from './declines.ts'
import { isProcessed, settleInvoice, subscriptionOf } from './invoicing.ts'
import { customerOf } from './customers.ts'

/** How long a bank takes. @see https://docs.stripe.com/payments/sepa-debit#payment-timing */
const DEBIT_LASTS = 5 * DAY

/** The result of one attempt to collect an invoice. @see https://docs.stripe.com/payments/paymentintents/lifecycle */
export type Attempt =
  | { readonly kind: 'paid'; readonly invoice: Invoice }
  | {
      readonly kind: 'declined'
      readonly invoice: Invoice
      readonly intent: PaymentIntent
      readonly declined: Declined
      readonly charge: Charge | null
    }
  | {
      readonly kind: 'needs_authentication'
      readonly invoice: Invoice
      readonly intent: PaymentIntent
    }
  /** The bank answers after days. */
  | { readonly kind: 'processing'; readonly invoice: Invoice; readonly intent: PaymentIntent }

type How = {
  /** Overrides the default of the subscription or the customer. */
  readonly method?: PaymentMethod | undefined
  /** The customer is on the page and has just passed the challenge. */
  readonly authenticated?: boolean
  /** True if a call requested this attempt, not the schedule: such attempts are not counted. */
  readonly manual?: boolean
  /** The bank's answer to a payment that was processed. */
  readonly answer?: { readonly charge: Charge; readonly succeeds: boolean }
}

/** Charges the remaining amount of an open invoice once. */
export function attemptPayment(step: Step, invoice: Invoice, how: How = {}): Attempt {
  const intent = intentOf(step, invoice)
  const method = how.method ?? defaultMethod(step, invoice)
  if (method === undefined) {
    const declined = declineOf('missing_payment_method')
    return {
      kind: 'declined',
      invoice: attempted(step, invoice, how),
      intent,
      declined,
      charge: null,
    }
  }
  if (how.answer !== undefined)
    return (how.answer.succeeds ? pay : decline)(step, { invoice, intent, method, how })
  refuseWhileProcessed(step, invoice)
  const card = step.find('cards', method.id)
  if (card?.behaviour === 'takes_days' || card?.behaviour === 'fails_after_days')
    return process(step, { invoice, intent, method, how })
  if (card?.behaviour === 'declines') return decline(step, { invoice, intent, method, how })
  if (card?.behaviour === 'authenticates' && how.authenticated !== true) {
    return challenge(step, { invoice, intent, method, how })
  }
  return pay(step, { invoice, intent, method, how })
}

/** @throws Refusal for an invoice with a payment that the bank has not answered. */
export function refuseWhileProcessed(step: Pick<Step, 'rows'>, invoice: Invoice): void {
  if (!isProcessed(step, invoice)) return
  throw invalid(
    'This invoice has a payment that is still processing.',
    undefined,
    'payment_intent_unexpected_state',
  )
}

type Try = {
  readonly invoice: Invoice
  readonly intent: PaymentIntent
  readonly method: PaymentMethod
  readonly how: How
}

function pay(step: Step, { invoice, intent, method, how }: Try): Attempt {
  const made = newCharge(intent, method, { created: step.now, declined: null })
  const { balance_transaction, outcome, paid: isPaid, status } = made
  const held = how.answer?.charge
  const charge = step.put(
    'charges',
    held === undefined ? made : { ...held, balance_transaction, outcome, paid: isPaid, status },
  )
  const paid = step.put('paymentIntents', {
    ...intent,
    amount_received: intent.amount,
    last_payment_error: null,
    latest_charge: charge.id,
    next_action: null,
    payment_method: method.id,
    status: 'succeeded',
  })
  emit(step, 'charge.succeeded', charge)
  emit(step, 'payment_intent.succeeded', paid)
  const settled = settleInvoice(step, attempted(step, invoice, how))
  for (const payment of step.rows('invoicePayments', { index: 'invoice', key: invoice.id })) {
    if (payment.status !== 'open') continue
    const transitions = { ...payment.status_transitions, paid_at: step.now }
    const done = step.put('invoicePayments', {
      ...payment,
      amount_paid: intent.amount,
      status: 'paid',
      status_transitions: transitions,
    })
    emit(step, 'invoice_payment.paid', done)
  }
  return { kind: 'paid', invoice: settled }
}

function decline(step: Step, { invoice, intent, method, how }: Try): Attempt {
  const declined = declineOf(step.find('cards', method.id)?.declineCode ?? 'generic_decline')
  const made = newCharge(intent, method, { created: step.now, declined })
  const charge = step.put('charges', { ...made, id: how.answer?.charge.id ?? made.id })
  const failed = step.put('paymentIntents', {
    ...intent,
    last_payment_error: {
      charge: charge.id,
      code: declined.code,
      decline_code: declined.declineCode,
      message: declined.message,
      payment_method: method,
      type: 'card_error',
    },
    latest_charge: charge.id,
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
  })
  emit(step, 'charge.failed', charge)
  emit(step, 'payment_intent.payment_failed', failed)
  return {
    kind: 'declined',
    invoice: attempted(step, invoice, how),
    intent: failed,
    declined,
    charge,
  }
}

/** Sends a debit to the bank. @see https://docs.stripe.com/payments/paymentintents/lifecycle */
function process(step: Step, { invoice, intent, method, how }: Try): Attempt {
  const charge = step.put('charges', {
    ...newCharge(intent, method, { created: step.now, declined: null }),
    balance_transaction: null,
    paid: false,
    status: 'pending',
  })
  const processing = step.put('paymentIntents', {
    ...intent,
    last_payment_error: null,
    latest_charge: charge.id,
    next_action: null,
    payment_method: method.id,
    status: 'processing',
  })
  step.put('debits', {
    id: intent.id,
    invoice: invoice.id,
    method: method.id,
    charge: charge.id,
    answeredAt: step.now + DEBIT_LASTS,
    succeeds: step.find('cards', method.id)?.behaviour === 'takes_days',
  })
  emit(step, 'charge.pending', charge)
  emit(step, 'payment_intent.processing', processing)
  const waiting = { ...attempted(step, invoice, how), next_payment_attempt: null }
  return { kind: 'processing', invoice: step.put('invoices', waiting), intent: processing }
}

function challenge(step: Step, { invoice, intent, method, how }: Try): Attempt {
  const waiting = step.put('paymentIntents', {
    ...intent,
    next_action: { type: 'use_stripe_sdk' },
    payment_method: method.id,
    status: 'requires_action',
  })
  emit(step, 'payment_intent.requires_action', waiting)
  return { kind: 'needs_authentication', invoice: attempted(step, invoice, how), intent: waiting }
}

function attempted(step: Step, invoice: Invoice, how: How): Invoice {
  const isCounted = how.manual !== true && how.answer === undefined
  const count = !isCounted ? invoice.attempt_count : invoice.attempt_count + 1
  return step.put('invoices', { ...invoice, attempt_count: count, attempted: true })
}

function intentOf(step: Step, invoice: Invoice): PaymentIntent {
  for (const payment of step.rows('invoicePayments', { index: 'invoice', key: invoice.id })) {
    const intent = step.find('paymentIntents', payment.payment.payment_intent ?? '')
    if (payment.status === 'open' && intent !== undefined) return intent
  }
  throw new Error(`${invoice.id} is open without a payment intent`)
}

function defaultMethod(step: Step, invoice: Invoice): PaymentMethod | undefined {
  const customer = customerOf(step, invoice.customer ?? '')
  const id =
    invoice.default_payment_method ??
    subscriptionOf(step, invoice)?.default_payment_method ??
    customer.invoice_settings.default_payment_method
  return id === null || id === undefined ? undefined : step.find('paymentMethods', id)
}
