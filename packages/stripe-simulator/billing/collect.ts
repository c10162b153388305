import { newCharge, type Declined } from '../objects/payment.ts'
import type { Charge, Invoice, PaymentIntent, PaymentMethod } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { emit } from '../webhooks/emit.ts'
import { declineOf } from './declines.ts'
import { settleInvoice, subscriptionOf } from './invoicing.ts'
import { customerOf } from './customers.ts'

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

type How = {
  /** Overrides the default of the subscription or the customer. */
  readonly method?: PaymentMethod | undefined
  /** The customer is on the page and has just passed the challenge. */
  readonly authenticated?: boolean
  /** True if a call requested this attempt, not the schedule: such attempts are not counted. */
  readonly manual?: boolean
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
  const card = step.find('cards', method.id)
  if (card?.behaviour === 'declines') return decline(step, { invoice, intent, method, how })
  if (card?.behaviour === 'authenticates' && how.authenticated !== true) {
    return challenge(step, { invoice, intent, method, how })
  }
  return pay(step, { invoice, intent, method, how })
}

type Try = {
  readonly invoice: Invoice
  readonly intent: PaymentIntent
  readonly method: PaymentMethod
  readonly how: How
}

function pay(step: Step, { invoice, intent, method, how }: Try): Attempt {
  const charge = step.put(
    'charges',
    newCharge(intent, method, { created: step.now, declined: null }),
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
  const charge = step.put('charges', newCharge(intent, method, { created: step.now, declined }))
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
  const count = how.manual === true ? invoice.attempt_count : invoice.attempt_count + 1
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
