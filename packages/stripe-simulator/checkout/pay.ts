import { startSubscription } from '../billing/start.ts'
import { subscriptionTax, taxIdsOf } from '../billing/automatic-tax.ts'
import { customerOf } from '../billing/customers.ts'
import type { Claimed } from '../billing/discounts.ts'
import { SETUP_ONLY, type TestCard } from '../billing/cards.ts'
import { DAY } from '../billing/calendar.ts'
import { declineOf } from '../billing/declines.ts'
import { newCustomer } from '../objects/customer.ts'
import { newCard } from '../objects/payment-method.ts'
import type { CheckoutSession, Customer, PaymentMethod } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import type { CheckoutIntent } from '../store/tables.ts'
import { emit, revise } from '../webhooks/emit.ts'
import { payOnce, refusalOfOneTime } from './pay-once.ts'
import { taxedAmounts, withTaxDetails } from './tax-settings.ts'

/** The form of a checkout page as the customer sends it. */
export type Submission = {
  /** Null if the page needs no card, because no amount is due today. */
  readonly card: TestCard | null
  readonly email: string | null
  readonly name: string | null
  /** The fingerprint of the card, for customers whose cards differ but have the number of one test card. */
  readonly fingerprint?: string | undefined
  /** The customer has just passed the bank's challenge. */
  readonly authenticated: boolean
  /** The country of the billing address, ISO 3166-1 alpha-2. */
  readonly country?: string | undefined
  readonly taxId?: string | undefined
}

/** The result of a submission. `challenged`: the bank asks for authentication; `closed`: the session was not open. */
export type CheckoutOutcome =
  | { readonly kind: 'paid'; readonly session: CheckoutSession }
  | {
      readonly kind: 'declined'
      readonly session: CheckoutSession
      readonly message: string
      readonly code: string
    }
  | { readonly kind: 'challenged'; readonly session: CheckoutSession }
  | { readonly kind: 'closed'; readonly session: CheckoutSession }

/** The effect of pressing "Pay". A second press, or a second tab, finds the session closed. */
export function payCheckout(
  step: Step,
  session: CheckoutSession,
  given: Submission,
): CheckoutOutcome {
  if (session.status !== 'open') return { kind: 'closed', session }
  const { card } = given
  if (card?.behaviour === 'declines' && !card.attaches) {
    const { message, declineCode } = declineOf(card.declineCode)
    return { kind: 'declined', session, message, code: declineCode }
  }
  if (card?.behaviour === 'authenticates' && !given.authenticated)
    return { kind: 'challenged', session }
  const intent = step.find('checkoutIntents', session.id)
  if (intent === undefined) throw new Error(`${session.id} has no line items`)
  if (session.mode === 'payment') {
    const refused = refusalOfOneTime(card)
    if (refused !== null) return { kind: 'declined', session, ...refused }
  }
  const customer = withTaxDetails(step, customerFor(step, session, given), { intent, given })
  const method = card === null ? undefined : keepCard(step, customer, card, given.fingerprint)
  const completion = { intent, customer, method, given }
  if (session.mode === 'subscription')
    return { kind: 'paid', session: complete(step, session, completion) }
  return { kind: 'paid', session: completeOnce(step, session, completion) }
}

function customerFor(step: Step, session: CheckoutSession, given: Submission): Customer {
  if (session.customer !== null) {
    const customer = customerOf(step, session.customer)
    // Checkout asks customers without an e-mail address for one, and stores it.
    return customer.email === null && given.email !== null
      ? revise(step, 'customers', {
          row: customer,
          to: { email: given.email },
          event: 'customer.updated',
        })
      : customer
  }
  const email = given.email ?? session.customer_email
  const customer = step.put(
    'customers',
    newCustomer({ created: step.now, email, name: given.name ?? null }),
  )
  emit(step, 'customer.created', customer)
  return customer
}

/** Whether the page allows checkout without a card. */
export const asksForNoCard = (session: CheckoutSession): boolean =>
  session.payment_method_collection === 'if_required' && session.amount_total === 0

function keepCard(
  step: Step,
  customer: Customer,
  card: TestCard,
  fingerprint?: string,
): PaymentMethod {
  const method = step.put('paymentMethods', {
    ...newCard(card, step.now, fingerprint),
    billing_details: {
      address: null,
      email: customer.email,
      name: customer.name ?? null,
      phone: null,
      tax_id: null,
    },
    customer: customer.id,
  })
  // The bank challenges this card once, at set-up; other cards keep their behavior.
  const behaviour = card.number === SETUP_ONLY ? 'succeeds' : card.behaviour
  step.put('cards', { id: method.id, behaviour, declineCode: card.declineCode })
  emit(step, 'payment_method.attached', method)
  return method
}

type Completion = {
  readonly intent: CheckoutIntent
  readonly customer: Customer
  readonly method: PaymentMethod | undefined
  readonly given: Submission
}

function complete(
  step: Step,
  session: CheckoutSession,
  { intent, customer, method, given }: Completion,
): CheckoutSession {
  const { subscription, attempt } = startSubscription(step, {
    customer,
    items: intent.items.flatMap(({ price, quantity }) => {
      const row = step.find('prices', price)
      return row === undefined ? [] : [{ price: row, quantity }]
    }),
    trialEnd: trialEndOf(step, intent),
    billingCycleAnchor: intent.billingCycleAnchor,
    payment: 'now',
    announced: 'before_payment',
    method,
    authenticated: given.authenticated,
    checkoutSession: session.id,
    claims: claimsOf(step, intent),
    given: {
      default_payment_method: method?.id ?? null,
      automatic_tax: subscriptionTax(intent.tax?.automatic ?? false),
      description: intent.description,
      metadata: intent.metadata,
      trial_settings: {
        end_behavior: {
          billing_cycle_anchor: null,
          missing_payment_method: intent.missingPaymentMethod,
        },
      },
    },
  })
  const completed = step.put('checkoutSessions', {
    ...session,
    ...closing(step, session, customer),
    ...taxedAmounts(step, subscription),
    // Delayed payment methods complete the session before they pay.
    ...(attempt?.kind === 'processing' && { payment_status: 'unpaid' as const }),
    invoice: subscription.latest_invoice,
    subscription: subscription.id,
  })
  emit(step, 'checkout.session.completed', completed)
  return completed
}

/** A paid page of the mode `payment`: a payment without an invoice. */
function completeOnce(
  step: Step,
  session: CheckoutSession,
  { intent, customer, method }: Completion,
): CheckoutSession {
  const paid =
    method === undefined
      ? null
      : payOnce(step, session, { metadata: intent.metadata, customer, method })
  const completed = step.put('checkoutSessions', {
    ...session,
    ...closing(step, session, customer),
    payment_intent: paid?.id ?? null,
  })
  emit(step, 'checkout.session.completed', completed)
  return completed
}

function claimsOf(step: Step, { discount }: CheckoutIntent): Claimed[] {
  const coupon = step.find('coupons', discount?.coupon ?? '')
  if (coupon === undefined) return []
  return [{ coupon, code: step.find('promotionCodes', discount?.promotionCode ?? '') ?? null }]
}

function trialEndOf(step: Step, { trialEnd }: CheckoutIntent): number | null {
  if (trialEnd === null) return null
  return 'at' in trialEnd ? trialEnd.at : step.now + trialEnd.days * DAY
}

function closing(
  step: Step,
  session: CheckoutSession,
  customer: Customer,
): Partial<CheckoutSession> {
  return {
    customer: customer.id,
    customer_details: {
      address: customer.address ?? null,
      business_name: null,
      email: customer.email,
      individual_name: null,
      name: customer.name ?? null,
      phone: null,
      tax_exempt: customer.tax_exempt ?? 'none',
      tax_ids: taxIdsOf(step, customer),
    },
    payment_status: session.amount_total === 0 ? 'no_payment_required' : 'paid',
    status: 'complete',
    url: null,
  }
}
