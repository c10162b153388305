import type { Price, Subscription, SubscriptionItem } from '../store/stored.ts'
import { newId } from '../store/ids.ts'
import { listOf } from './list.ts'
import { planOf } from './price.ts'
import type { Span } from '../billing/calendar.ts'

/** An item to build: a price, and how many of it. */
export type ItemPlan = {
  readonly price: Price
  readonly quantity: number
  readonly metadata?: Readonly<Record<string, string>> | undefined
}

/** An item of a subscription, in the period of `at`. */
export function newItem(
  { price, quantity, metadata = {} }: ItemPlan,
  at: { readonly subscription: string; readonly created: number; readonly period: Span },
): SubscriptionItem {
  return {
    id: newId('si', 14),
    object: 'subscription_item',
    billing_thresholds: null,
    created: at.created,
    current_period_end: at.period.end,
    current_period_start: at.period.start,
    current_trial: null,
    discounts: [],
    metadata,
    plan: planOf(price),
    price,
    quantity,
    subscription: at.subscription,
    tax_rates: [],
  }
}

/**
 * A subscription that is charged automatically.
 * @param items its items, which share one period.
 * @see https://docs.stripe.com/api/subscriptions/object
 */
export function newSubscription(
  given: Partial<Subscription> & {
    readonly id: string
    readonly created: number
    readonly currency: string
    readonly customer: string
    readonly billing_cycle_anchor: number
    readonly status: Subscription['status']
  },
  items: SubscriptionItem[],
): Subscription {
  return {
    object: 'subscription',
    application: null,
    application_fee_percent: null,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null },
    billing_cycle_anchor_config: null,
    billing_mode: { flexible: { proration_discounts: 'included' }, type: 'flexible' },
    billing_schedules: [],
    billing_thresholds: null,
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
    collection_method: 'charge_automatically',
    customer_account: null,
    days_until_due: null,
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: null,
    discounts: [],
    ended_at: null,
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: null,
      description: null,
      footer: null,
      issuer: { type: 'self' },
    },
    items: listOf(items, `/v1/subscription_items?subscription=${given.id}`),
    latest_invoice: null,
    livemode: false,
    managed_payments: null,
    metadata: {},
    next_pending_invoice_item_invoice: null,
    on_behalf_of: null,
    pause_collection: null,
    payment_settings: {
      payment_method_options: null,
      payment_method_types: null,
      save_default_payment_method: 'off',
    },
    pending_invoice_item_interval: null,
    pending_setup_intent: null,
    pending_update: null,
    schedule: null,
    start_date: given.created,
    test_clock: null,
    transfer_data: null,
    trial_end: null,
    trial_settings: {
      end_behavior: { billing_cycle_anchor: null, missing_payment_method: 'create_invoice' },
    },
    trial_start: null,
    ...given,
  }
}

/** Stripe stores the period on the items; here all items share one period. */
export function periodOf(subscription: Subscription): Span {
  const [first] = subscription.items.data
  if (first === undefined) throw new Error(`${subscription.id} has no items`)
  return { start: first.current_period_start, end: first.current_period_end }
}
