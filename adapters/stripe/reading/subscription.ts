import type Stripe from 'stripe'
import type { StripeSnapshot } from '../../../domain/stripe/snapshot.ts'
import { findAtStripe } from '../sdk/errors.ts'
import { idOf } from './ids.ts'
import { planPricesInSight, type PlanPrices } from './plan-item.ts'
import { isPaymentProcessing } from './processing.ts'
import { snapshotOfSession, snapshotOfSubscription } from './snapshot.ts'

/** Where to look for a subscription: by its own id, or else by its checkout session. */
export type SnapshotIds = {
  readonly sessionId: string | null
  readonly stripeSubscriptionId: string | null
}

/** The customer and prices of a subscription at Stripe. */
export type SubscriptionOwner = {
  readonly customerId: string
  readonly email: string | null
  /** The prices of its items. */
  readonly priceIds: readonly string[]
}

/** The fields that `snapshotOfSubscription` needs expanded. */
const SNAPSHOT_EXPANDED = [
  'latest_invoice',
  'schedule',
  'discounts.promotion_code',
  'discounts.source.coupon',
  'items.data.price.product',
]

/** Reads the current state of one subscription and its checkout session; either part may be missing. */
export async function readSnapshot(
  { stripe, plans }: { readonly stripe: Stripe; readonly plans: PlanPrices },
  { sessionId, stripeSubscriptionId }: SnapshotIds,
): Promise<StripeSnapshot> {
  const found =
    sessionId === null
      ? undefined
      : await findAtStripe(() => stripe.checkout.sessions.retrieve(sessionId))
  const session = found === undefined ? null : snapshotOfSession(found)
  const id = stripeSubscriptionId ?? session?.stripeSubscriptionId ?? null
  if (id === null) return { session, subscription: null }
  const subscription = await findAtStripe(() =>
    stripe.subscriptions.retrieve(id, { expand: SNAPSHOT_EXPANDED }),
  )
  if (subscription === undefined) return { session, subscription: { kind: 'deleted', id } }
  const planPrices = await planPricesInSight(plans, subscription)
  const isProcessing = await isPaymentProcessing(stripe, subscription)
  return {
    session,
    subscription: snapshotOfSubscription(subscription, { planPrices, isProcessing }),
  }
}

/** @returns undefined when Stripe does not have the subscription */
export async function readOwner(
  stripe: Stripe,
  id: string,
): Promise<SubscriptionOwner | undefined> {
  const found = await findAtStripe(() =>
    stripe.subscriptions.retrieve(id, { expand: ['customer'] }),
  )
  if (found === undefined) return undefined
  const { customer } = found
  const exists = typeof customer !== 'string' && customer.deleted !== true
  return {
    customerId: idOf(customer) ?? '',
    email: exists ? customer.email : null,
    priceIds: found.items.data.map(({ price }) => price.id),
  }
}
