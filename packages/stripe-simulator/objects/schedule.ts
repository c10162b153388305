import type { Span } from '../billing/calendar.ts'
import { newId } from '../store/ids.ts'
import type { Schedule, Subscription } from '../store/stored.ts'
import { periodOf } from './subscription.ts'

/** One phase of a schedule. @see https://docs.stripe.com/billing/subscriptions/subscription-schedules */
export type Phase = Schedule['phases'][number]

type PhaseItem = {
  readonly price: string
  readonly quantity: number
  readonly metadata: Readonly<Record<string, string>>
}

/** A phase to build, from its start to its end in seconds since 1970. */
export type PhasePlan = Span & {
  readonly currency: string
  readonly items: readonly PhaseItem[]
  readonly prorates: Phase['proration_behavior']
  readonly metadata: Readonly<Record<string, string>>
  readonly settings: PhaseSettings
}

/** The settings of a phase beside items and dates. */
export type PhaseSettings = Pick<
  Phase,
  | 'automatic_tax'
  | 'collection_method'
  | 'default_payment_method'
  | 'default_tax_rates'
  | 'description'
  | 'discounts'
  | 'invoice_settings'
>

/** A phase with these items, dates and settings, without a trial of its own. */
export function newPhase(plan: PhasePlan): Phase {
  return {
    add_invoice_items: [],
    application_fee_percent: null,
    billing_cycle_anchor: null,
    billing_thresholds: null,
    ...plan.settings,
    currency: plan.currency,
    end_date: plan.end,
    items: plan.items.map(({ price, quantity, metadata }) => ({
      billing_thresholds: null,
      discounts: [],
      metadata,
      plan: price,
      price,
      quantity,
      tax_rates: [],
    })),
    metadata: plan.metadata,
    on_behalf_of: null,
    proration_behavior: plan.prorates,
    start_date: plan.start,
    transfer_data: null,
    trial_end: null,
  }
}

/** A schedule with the current period as its only phase. */
export function newSchedule(subscription: Subscription, created: number): Schedule {
  const { start, end } = periodOf(subscription)
  const items = subscription.items.data.map(({ price, quantity }) => ({
    price: price.id,
    quantity: quantity ?? 1,
    metadata: {},
  }))
  const { currency, metadata } = subscription
  return {
    id: newId('sub_sched'),
    object: 'subscription_schedule',
    application: null,
    billing_mode: subscription.billing_mode,
    canceled_at: null,
    completed_at: null,
    created,
    current_phase: { start_date: start, end_date: end },
    customer: subscription.customer,
    customer_account: null,
    default_settings: {
      application_fee_percent: null,
      billing_cycle_anchor: 'automatic',
      billing_thresholds: null,
      collection_method: subscription.collection_method,
      default_payment_method: subscription.default_payment_method,
      description: subscription.description,
      invoice_settings: {
        account_tax_ids: null,
        custom_fields: null,
        days_until_due: subscription.days_until_due,
        description: null,
        footer: null,
        issuer: { type: 'self' },
      },
      on_behalf_of: null,
      transfer_data: null,
    },
    end_behavior: 'release',
    livemode: false,
    metadata: {},
    pause_schedules: [],
    phases: [
      newPhase({
        start,
        end,
        currency,
        items,
        metadata,
        prorates: 'create_prorations',
        settings: settingsOf(subscription),
      }),
    ],
    released_at: null,
    released_subscription: null,
    status: 'active',
    subscription: subscription.id,
    test_clock: null,
  }
}

/** The present settings of a subscription, as its first phase repeats them. */
function settingsOf(subscription: Subscription): PhaseSettings {
  return {
    automatic_tax: subscription.automatic_tax,
    collection_method: null,
    default_payment_method: null,
    default_tax_rates: subscription.default_tax_rates ?? [],
    description: null,
    discounts: subscription.discounts.map((discount) => ({
      coupon: null,
      discount,
      promotion_code: null,
    })),
    invoice_settings: null,
  }
}
