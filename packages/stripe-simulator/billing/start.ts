import { newItem, newSubscription, type ItemPlan } from '../objects/subscription.ts'
import { newId } from '../store/ids.ts'
import type { Customer, Invoice, PaymentMethod, Subscription } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { emit } from '../webhooks/emit.ts'
import { periodLines, recurrence } from './amounts.ts'
import { redeem, type Claimed } from './discounts.ts'
import { periodAt, type Span } from './calendar.ts'
import { reviseSubscription } from './changes.ts'
import { collect } from './collection.ts'
import type { Attempt } from './collect.ts'
import { draftInvoice, finalizeInvoice } from './invoicing.ts'
import { unusedShare } from './proration.ts'

/** A subscription to create, with validated parameters; instants are seconds since 1970. */
export type Start = {
  readonly customer: Customer
  readonly items: readonly ItemPlan[]
  readonly trialEnd: number | null
  readonly billingCycleAnchor: number | null
  /** Whether the first payment is attempted immediately or waits for the customer. */
  readonly payment: 'now' | 'later'
  /** A subscription from a checkout page is announced before its payment. */
  readonly announced: 'before_payment' | 'after_payment'
  readonly method?: PaymentMethod | undefined
  readonly authenticated?: boolean
  readonly claims?: readonly Claimed[]
  readonly checkoutSession?: string
  readonly given: Partial<Subscription>
}

/** The new subscription, and the attempt to pay its first invoice; null if nothing was collected. */
export type Started = {
  readonly subscription: Subscription
  readonly attempt: Attempt | null
}

/** Creates a subscription with its first invoice, paid immediately if possible. */
export function startSubscription(step: Step, start: Start): Started {
  const id = newId('sub')
  const { period, anchor } = firstPeriod(step.now, start)
  const items = start.items.map((plan) =>
    newItem(plan, { subscription: id, created: step.now, period }),
  )
  const isTrial = start.trialEnd !== null
  const created = step.put(
    'subscriptions',
    newSubscription(
      {
        id,
        created: step.now,
        currency: start.items[0]?.price.currency ?? 'usd',
        customer: start.customer.id,
        billing_cycle_anchor: anchor,
        status: isTrial ? 'trialing' : 'incomplete',
        test_clock: start.customer.test_clock ?? null,
        ...(isTrial && { trial_start: step.now, trial_end: start.trialEnd }),
        discounts: discountsOf(step, start, id),
        ...start.given,
      },
      items,
    ),
  )
  if (start.customer.currency == null) {
    const customer = step.find('customers', start.customer.id)
    if (customer?.deleted !== true && customer !== undefined) {
      step.put('customers', { ...customer, currency: created.currency })
    }
  }
  return invoiceFirst(step, created, { period, start })
}

function discountsOf(step: Step, start: Start, subscription: string): string[] {
  const place = {
    customer: start.customer.id,
    subscription,
    checkoutSession: start.checkoutSession ?? null,
  }
  return (start.claims ?? []).map((claim) => redeem(step, claim, place).id)
}

function firstPeriod(now: number, { items, trialEnd, billingCycleAnchor }: Start) {
  const every = recurrence(items)
  if (trialEnd !== null) return { period: { start: now, end: trialEnd }, anchor: trialEnd }
  const anchor = billingCycleAnchor ?? now
  const whole = periodAt(anchor, every, now)
  return { period: { start: now, end: whole.end }, anchor }
}

type First = { readonly period: Span; readonly start: Start }

function invoiceFirst(step: Step, created: Subscription, { period, start }: First): Started {
  const free = start.trialEnd !== null
  const whole = periodAt(created.billing_cycle_anchor, recurrence(created.items.data), period.start)
  const lines = periodLines(step, created, { period, free }).map((line) => ({
    ...line,
    amount: free ? 0 : unusedShare(line.amount, whole, period.start),
  }))
  const id = newId('in')
  const subscription = step.put('subscriptions', { ...created, latest_invoice: id })
  if (start.announced === 'before_payment')
    emit(step, 'customer.subscription.created', subscription)
  const draft = draftInvoice(step, {
    id,
    subscription,
    lines,
    reason: 'subscription_create',
    period: { start: step.now, end: step.now },
  })
  return payFirst(step, finalizeInvoice(step, draft), { subscription, start })
}

type Announced = { readonly subscription: Subscription; readonly start: Start }

function payFirst(step: Step, invoice: Invoice, { subscription, start }: Announced): Started {
  const isCharged = invoice.collection_method === 'charge_automatically'
  const attempt =
    invoice.status === 'open' && start.payment === 'now' && isCharged
      ? collect(step, invoice, {
          method: start.method,
          authenticated: start.authenticated ?? false,
        })
      : null
  const current = step.find('subscriptions', subscription.id) ?? subscription
  const owesNothing = invoice.status === 'paid' || !isCharged
  const settled =
    owesNothing && current.status === 'incomplete'
      ? reviseSubscription(step, current, { status: 'active' })
      : current
  if (start.announced === 'after_payment') emit(step, 'customer.subscription.created', settled)
  return { subscription: settled, attempt }
}
