import { DAY } from '../billing/calendar.ts'
import { customerOf } from '../billing/customers.ts'
import { refuseWithoutLocation, subscriptionTax } from '../billing/automatic-tax.ts'
import { claimed } from '../billing/discounts.ts'
import { cardRefusal } from '../billing/declines.ts'
import type { Attempt } from '../billing/collect.ts'
import { startSubscription, type Start } from '../billing/start.ts'
import type { Values } from '../http/params.ts'
import { invalid, Refusal } from '../http/refusal.ts'
import type { Subscription } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { given } from './given.ts'
import { methodOf } from './payment-method-attachment.ts'
import { priceOf, refuseArchived } from './prices.ts'
import type { CREATE } from './subscription-params.ts'
import { taxRatesOf } from './tax-rates.ts'

type Params = Values<typeof CREATE>

/**
 * Creates a subscription with its first invoice.
 * @throws Refusal for invalid parameters, or if its payment fails and `payment_behavior` is `error_if_incomplete`.
 * @see https://docs.stripe.com/api/subscriptions/create
 */
export function createSubscription(step: Step, params: Params): Subscription {
  const customer = customerOf(step, params.customer)
  const { default_payment_method: method, payment_behavior: behavior = 'allow_incomplete' } = params
  if (method !== undefined) methodOf(step, method, customer.id, 'default_payment_method')
  if (behavior === 'pending_if_incomplete') {
    throw invalid('pending_if_incomplete only applies to updates.', 'payment_behavior')
  }
  if (params.collection_method === 'send_invoice' && params.days_until_due === undefined) {
    throw invalid(
      'You must pass `days_until_due` when `collection_method` is set to `send_invoice`.',
      'days_until_due',
      'parameter_missing',
    )
  }
  refuseWithoutLocation(customer, params.automatic_tax?.enabled, 'automatic_tax[enabled]')
  if (params.items.length === 0)
    throw invalid('Missing required param: items.', 'items', 'parameter_missing')
  const start: Start = {
    customer,
    items: params.items.map((item, index) => ({
      price: priceOf(step, item.price, `items[${index}][price]`),
      quantity: item.quantity ?? 1,
      metadata: item.metadata,
    })),
    trialEnd: trialEndOf(step, params),
    billingCycleAnchor: params.billing_cycle_anchor ?? null,
    payment: behavior === 'default_incomplete' ? 'later' : 'now',
    announced: behavior === 'default_incomplete' ? 'before_payment' : 'after_payment',
    claims: (params.discounts ?? []).map((claim, index) =>
      claimed(step, claim, { at: `discounts[${index}]`, customer: customer.id }),
    ),
    given: attributes(step, params),
  }
  for (const { price } of start.items) refuseArchived(step, price, 'items[0][price]')
  const { subscription, attempt } = startSubscription(step, start)
  if (behavior === 'error_if_incomplete' && attempt !== null && isRefused(attempt)) {
    throw refusalOf(attempt)
  }
  return withCancellation(step, subscription, params)
}

/** Whether a first payment failed now. A bank that takes days has not refused it. */
export const isRefused = ({ kind }: Attempt): boolean =>
  kind === 'declined' || kind === 'needs_authentication'

/** The error for a first payment that failed or needs the customer's authentication. */
export function refusalOf(attempt: Attempt): Refusal {
  if (attempt.kind === 'declined') {
    return attempt.declined.code === 'missing_payment_method'
      ? invalid(attempt.declined.message, undefined, 'resource_missing')
      : cardRefusal(attempt.declined)
  }
  return new Refusal({
    status: 402,
    type: 'card_error',
    code: 'subscription_payment_intent_requires_action',
    message:
      'This subscription payment requires additional user action before it can be completed.',
  })
}

/**
 * The end of the trial in seconds, or null for none.
 * @throws Refusal (400) if both parameters are given, or if the end is not in the future.
 * @see https://docs.stripe.com/billing/subscriptions/trials
 */
export function trialEndOf(
  step: Step,
  params: Pick<Params, 'trial_end' | 'trial_period_days'>,
): number | null {
  const { trial_end: end, trial_period_days: days } = params
  if (end !== undefined && days !== undefined) {
    throw invalid('You can only pass one of trial_end and trial_period_days.', 'trial_end')
  }
  if (days !== undefined) return step.now + days * DAY
  if (end === undefined || end === 'now') return null
  if (end <= step.now) throw invalid('The trial_end must be in the future.', 'trial_end')
  return end
}

function attributes(step: Step, params: Params): Partial<Subscription> {
  const { collection_method, days_until_due, default_payment_method, description } = params
  const missing = params.trial_settings?.end_behavior.missing_payment_method
  return {
    ...given({ collection_method, days_until_due, default_payment_method, description }),
    ...(params.metadata && { metadata: { ...params.metadata } }),
    ...(missing && {
      trial_settings: {
        end_behavior: { billing_cycle_anchor: null, missing_payment_method: missing },
      },
    }),
    ...savedMethod(params),
    ...(params.automatic_tax && {
      automatic_tax: subscriptionTax(params.automatic_tax.enabled),
    }),
    ...(params.default_tax_rates && {
      default_tax_rates: taxRatesOf(step, params.default_tax_rates, 'default_tax_rates'),
    }),
  }
}

/** Whether a payment's method becomes the subscription's default. */
export function savedMethod({
  payment_settings: settings,
}: Pick<Params, 'payment_settings'>): Partial<Subscription> {
  const save = settings?.save_default_payment_method
  if (save === undefined) return {}
  return {
    payment_settings: {
      payment_method_options: null,
      payment_method_types: null,
      save_default_payment_method: save,
    },
  }
}

/** A cancellation requested at creation emits no separate event. */
function withCancellation(step: Step, subscription: Subscription, params: Params): Subscription {
  const cancelAt = cancelInstant(subscription, params)
  if (cancelAt === undefined) return subscription
  return step.put('subscriptions', {
    ...subscription,
    cancel_at: cancelAt,
    cancel_at_period_end: params.cancel_at_period_end === true,
    canceled_at: cancelAt === null ? null : step.now,
  })
}

/** The instant that `cancel_at` or `cancel_at_period_end` names; null withdraws it, undefined keeps it. */
export function cancelInstant(
  subscription: Subscription,
  params: Pick<Params, 'cancel_at' | 'cancel_at_period_end'>,
): number | null | undefined {
  const { cancel_at: at, cancel_at_period_end: atEnd } = params
  if (at !== undefined && atEnd === true) {
    throw invalid('You can only pass one of cancel_at and cancel_at_period_end.', 'cancel_at')
  }
  const ends = subscription.items.data.map((item) => item.current_period_end)
  if (atEnd === true || at === 'max_period_end') return Math.max(...ends)
  if (at === 'min_period_end') return Math.min(...ends)
  if (at !== undefined) return at
  return atEnd === false && subscription.cancel_at_period_end ? null : undefined
}
