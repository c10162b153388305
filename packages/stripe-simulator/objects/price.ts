import type { Stripe } from 'stripe'
import type { Price, Stored } from '../store/stored.ts'
import { newId } from '../store/ids.ts'

/** An active price per unit; it is recurring if `recurring` is given. @see https://docs.stripe.com/api/prices/object */
export function newPrice(
  given: Partial<Price> & {
    readonly created: number
    readonly currency: string
    readonly product: string
  },
): Price {
  return {
    id: newId('price'),
    object: 'price',
    active: true,
    billing_scheme: 'per_unit',
    custom_unit_amount: null,
    livemode: false,
    lookup_key: null,
    metadata: {},
    nickname: null,
    recurring: null,
    tax_behavior: 'unspecified',
    tiers_mode: null,
    transform_quantity: null,
    type: given.recurring == null ? 'one_time' : 'recurring',
    unit_amount: null,
    unit_amount_decimal: null,
    ...given,
  }
}

/** Whether usage decides the amount. @see https://docs.stripe.com/billing/subscriptions/usage-based */
export const isMetered = ({ recurring }: Price): boolean => recurring?.usage_type === 'metered'

/** The legacy `plan` object of a recurring price. Subscription items still contain it. */
export function planOf(price: Price): Stored<Stripe.Plan> {
  return {
    id: price.id,
    object: 'plan',
    active: price.active,
    amount: price.unit_amount,
    amount_decimal: price.unit_amount_decimal,
    billing_scheme: price.billing_scheme,
    created: price.created,
    currency: price.currency,
    interval: price.recurring?.interval ?? 'month',
    interval_count: price.recurring?.interval_count ?? 1,
    livemode: false,
    metadata: price.metadata,
    meter: price.recurring?.meter ?? null,
    nickname: price.nickname,
    product: price.product,
    tiers_mode: price.tiers_mode,
    transform_usage: price.transform_quantity,
    trial_period_days: price.recurring?.trial_period_days ?? null,
    usage_type: price.recurring?.usage_type ?? 'licensed',
  }
}
