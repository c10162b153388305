import type Stripe from 'stripe'
import type { SubscriptionId } from '../../../domain/ids.ts'
import { stripeKey } from '../../../domain/keys.ts'
import type { CancellationTime } from '../../../domain/subscription/commands.ts'
import type { PlanVersion } from '../../../domain/catalogue/plan.ts'
import type { StripeSnapshot } from '../../../domain/stripe/snapshot.ts'
import type { Checkout } from '../../../domain/subscription/subscription.ts'
import { changeCancellation } from './cancellation.ts'
import { ensureCatalogue, type StripeIds } from './catalogue.ts'
import { createCustomer, type CustomerOrder } from './customer.ts'
import { classifyStripeError } from '../sdk/errors.ts'
import { METADATA_SUBSCRIPTION, METADATA_USER } from '../sdk/metadata.ts'
import { pause, resume } from './pause.ts'
import {
  changePlanNow,
  dropPendingChange,
  schedulePlanChange,
  type PlanChangeNow,
  type ScheduledPlanChange,
} from './plan-change.ts'
import { previewPlanChange, type Preview, type PreviewOrder } from '../reading/preview.ts'
import { changeTrial, type TrialChange } from './trial.ts'
import { claimSubscription } from './import.ts'
import { idOf, snapshotOfSession, snapshotOfSubscription } from '../reading/snapshot.ts'

/** All that we ask of Stripe. Each POST takes its key from `domain/keys.ts`, so that a retry repeats and never doubles. */
export type StripeGateway = {
  /** Running it twice answers the same customer. */
  readonly createCustomer: (customer: CustomerOrder) => Promise<string>
  /** Product and price of a plan version. Running it twice finds what the first made. */
  readonly ensurePrice: (plan: PlanVersion) => Promise<StripeIds>
  /** Running it twice with one generation answers the same session. */
  readonly createCheckout: (checkout: CheckoutOrder) => Promise<Checkout>
  /** Closes an open session. Running it twice, or on a session that is over, only tells how it ended. */
  readonly expireCheckout: (sessionId: string) => Promise<'expired' | 'complete'>
  /** Ends a subscription, schedules its end, or (null) withdraws that. Running it twice leaves it as the first did. */
  readonly changeCancellation: (order: CancellationOrder) => Promise<void>
  /** Changes the plan for the rest of the period. Running it twice changes and charges it once. */
  readonly changePlanNow: (order: PlanChangeNow) => Promise<void>
  /** Has the plan changed when the period ends. Running it twice leaves one schedule. */
  readonly schedulePlanChange: (order: ScheduledPlanChange) => Promise<void>
  /** Takes back what is scheduled or waits for its payment. Running it twice finds nothing pending. */
  readonly dropPendingChange: (order: PlanChangeTarget) => Promise<void>
  /** What a change of plan would charge now. Changes nothing. */
  readonly previewPlanChange: (order: PreviewOrder) => Promise<Preview>
  /** Running it twice finds it paused. */
  readonly pause: (order: PlanChangeTarget) => Promise<void>
  /** Running it twice finds it running, or waiting for the same payment. */
  readonly resume: (order: PlanChangeTarget) => Promise<void>
  /** Moves the end of a trial. Running it twice leaves it as the first did. */
  readonly changeTrial: (order: TrialChange) => Promise<void>
  /** Writes on a subscription at Stripe which of ours it is. Running it twice finds it written. */
  readonly claim: (given: {
    readonly subscriptionId: SubscriptionId
    readonly userId: string
    readonly stripeId: string
  }) => Promise<void>
  /** Whose a subscription at Stripe is, and what for; undefined when there is none. */
  readonly readOwner: (stripeSubscriptionId: string) => Promise<
    | {
        readonly customerId: string
        readonly email: string | null
        readonly priceId: string
      }
    | undefined
  >
  /** What a customer may take off with a code or a coupon now; undefined when nothing, or nothing any more. */
  readonly findDiscount: (
    by: { readonly promotionCode: string } | { readonly coupon: string },
  ) => Promise<CheckoutDiscount | undefined>
  /** Reads all that concerns one subscription, now. */
  readonly readSnapshot: (of: {
    readonly sessionId: string | null
    readonly stripeSubscriptionId: string | null
  }) => Promise<StripeSnapshot>
}

/** What takes something off the price of a checkout: ids of Stripe's, or whatever code the person types on the page. */
export type CheckoutDiscount =
  { readonly promotionCodeId: string } | { readonly couponId: string } | { readonly typed: true }

export type CheckoutOrder = {
  readonly subscriptionId: SubscriptionId
  readonly userId: string
  readonly customerId: string
  readonly plan: PlanVersion
  readonly priceId: string
  readonly generation: number
  readonly quantity: number
  readonly discount: CheckoutDiscount | null
  /** Zero: none, or the user had one before. */
  readonly trialDays: number
  /** `if_required` asks for no card where nothing is to be paid yet. */
  readonly paymentMethodCollection: 'always' | 'if_required'
  readonly successUrl: string
  readonly cancelUrl: string
  readonly expiresAt: Date
}

/** A subscription that is to be changed, and the command that does it: both are part of the keys. */
export type PlanChangeTarget = {
  readonly subscriptionId: SubscriptionId
  readonly stripeSubscriptionId: string
  readonly generation: number
}

export type CancellationOrder = PlanChangeTarget & { readonly at: CancellationTime | null }

export type GatewayOptions = { readonly stripe: Stripe; readonly environment: string }

export function createStripeGateway({ stripe, environment }: GatewayOptions): StripeGateway {
  return {
    createCustomer: (customer) => createCustomer({ stripe, environment }, customer),

    ensurePrice: (plan) => ensureCatalogue({ stripe, environment }, plan),

    async createCheckout(order) {
      const session = await stripe.checkout.sessions.create(sessionParameters(order), {
        idempotencyKey: stripeKey({
          environment,
          subject: order.subscriptionId,
          command: 'checkout',
          generation: order.generation,
        }),
      })
      if (session.url === null) throw new Error(`Stripe's session ${session.id} has no page`)
      return {
        sessionId: session.id,
        url: session.url,
        expiresAt: new Date(session.expires_at * 1_000),
        planVersionId: order.plan.id,
      }
    },

    async expireCheckout(sessionId) {
      try {
        const key = { environment, subject: sessionId, command: 'expire-checkout', generation: 1 }
        await stripe.checkout.sessions.expire(sessionId, {}, { idempotencyKey: stripeKey(key) })
        return 'expired'
      } catch (error) {
        if (classifyStripeError(error)?.kind !== 'rejected') throw error
        const session = await stripe.checkout.sessions.retrieve(sessionId)
        if (session.status === 'open') throw error
        return session.status === 'complete' ? 'complete' : 'expired'
      }
    },

    changeCancellation: (order) => changeCancellation({ stripe, environment }, order),
    changePlanNow: (order) => changePlanNow({ stripe, environment }, order),
    schedulePlanChange: (order) => schedulePlanChange({ stripe, environment }, order),
    dropPendingChange: (order) => dropPendingChange({ stripe, environment }, order),
    previewPlanChange: (order) => previewPlanChange(stripe, order),
    pause: (order) => pause({ stripe, environment }, order),
    resume: (order) => resume({ stripe, environment }, order),
    changeTrial: (order) => changeTrial({ stripe, environment }, order),

    claim: (given) => claimSubscription({ stripe, environment }, { ...given, isImport: true }),

    async readOwner(id) {
      const held = await orMissing(
        () => stripe.subscriptions.retrieve(id, { expand: ['customer'] }),
        undefined,
      )
      if (held === undefined) return undefined
      const { customer } = held
      const isThere = typeof customer !== 'string' && customer.deleted !== true
      return {
        customerId: idOf(customer) ?? '',
        email: isThere ? customer.email : null,
        priceId: held.items.data[0]?.price.id ?? '',
      }
    },

    async findDiscount(by) {
      if ('coupon' in by) {
        const coupon = await orMissing(() => stripe.coupons.retrieve(by.coupon), null)
        return coupon?.valid === true ? { couponId: coupon.id } : undefined
      }
      const { data } = await stripe.promotionCodes.list({ code: by.promotionCode, active: true })
      const [code] = data
      return code === undefined ? undefined : { promotionCodeId: code.id }
    },

    async readSnapshot({ sessionId, stripeSubscriptionId }) {
      const session =
        sessionId === null
          ? null
          : await orMissing(() => stripe.checkout.sessions.retrieve(sessionId), null)
      const sessionSnapshot = session === null ? null : snapshotOfSession(session)
      const id = stripeSubscriptionId ?? sessionSnapshot?.stripeSubscriptionId ?? null
      if (id === null) return { session: sessionSnapshot, subscription: null }
      const subscription = await orMissing(
        () => stripe.subscriptions.retrieve(id, { expand: SNAPSHOT_PARTS }),
        null,
      )
      return {
        session: sessionSnapshot,
        subscription:
          subscription === null ? { kind: 'deleted', id } : snapshotOfSubscription(subscription),
      }
    },
  }
}

function discountParameters(
  discount: CheckoutDiscount | null,
): Pick<Stripe.Checkout.SessionCreateParams, 'discounts' | 'allow_promotion_codes'> {
  if (discount === null) return {}
  if ('typed' in discount) return { allow_promotion_codes: true }
  return 'couponId' in discount
    ? { discounts: [{ coupon: discount.couponId }] }
    : { discounts: [{ promotion_code: discount.promotionCodeId }] }
}

function sessionParameters(order: CheckoutOrder): Stripe.Checkout.SessionCreateParams {
  const metadata = {
    [METADATA_SUBSCRIPTION]: order.subscriptionId,
    [METADATA_USER]: order.userId,
  }
  return {
    mode: 'subscription',
    customer: order.customerId,
    client_reference_id: order.subscriptionId,
    line_items: [{ price: order.priceId, quantity: order.quantity }],
    metadata,
    subscription_data: {
      metadata,
      ...(order.trialDays > 0 && {
        trial_period_days: order.trialDays,
        // Who never gave a card keeps the subscription, without access, until there is one.
        trial_settings: { end_behavior: { missing_payment_method: 'pause' } },
      }),
    },
    payment_method_collection: order.paymentMethodCollection,
    ...discountParameters(order.discount),
    success_url: order.successUrl,
    cancel_url: order.cancelUrl,
    expires_at: Math.floor(order.expiresAt.getTime() / 1_000),
  }
}

/** All that a snapshot is made of. */
const SNAPSHOT_PARTS = [
  'latest_invoice',
  'schedule',
  'discounts.promotion_code',
  'discounts.source.coupon',
]

async function orMissing<T, M>(read: () => Promise<T>, missing: M): Promise<T | M> {
  try {
    return await read()
  } catch (error) {
    if (classifyStripeError(error)?.kind === 'missing') return missing
    throw error
  }
}
