import { z } from '@hono/zod-openapi'
import { hasAccess } from '../../domain/access.ts'
import { PERIODS, type PlanVersion } from '../../domain/plan.ts'
import { FOREVER } from '../../domain/quota-window.ts'
import type { PlanRepository } from '../../domain/repositories.ts'
import { STATUSES, type Subscription } from '../../domain/subscription.ts'
import { priceSchema } from '../plans/list.ts'

const instant = z.iso.datetime()

export const subscriptionSchema = z
  .object({
    id: z.uuid(),
    user_id: z.string(),
    status: z.enum(STATUSES),
    plan: z.object({
      slug: z.string(),
      name: z.string(),
      version: z.int().describe('What was bought is kept: a newer one changes nothing here.'),
      version_on_sale: z
        .int()
        .nullable()
        .describe(
          'What a new subscriber of this plan gets in this currency; null when it is not sold any more.',
        ),
      period: z.enum(PERIODS),
      price: priceSchema.describe('Of one; see `quantity`.'),
    }),
    quantity: z.int().describe('How many of the plan, such as seats.'),
    discount: z
      .object({
        coupon: z.string(),
        promotion_code: z.string().nullable(),
        percent_off: z.number().nullable(),
        amount_off_minor: z.int().nullable(),
        currency: z.string().nullable(),
        ends_at: instant.nullable(),
      })
      .nullable()
      .describe('What Stripe takes off each bill.'),
    period: z
      .object({ start: instant, end: instant })
      .nullable()
      .describe('Half-open: [start, end).'),
    trial_end: instant.nullable(),
    cancel_at: instant.nullable(),
    pending_change: z
      .object({
        kind: z
          .enum(['scheduled', 'awaiting_payment'])
          .describe('`awaiting_payment` happens once it is paid, and is given up at `at`.'),
        plan: z.string().describe('The slug of the plan that follows.'),
        version: z.int(),
        at: instant,
        payment_url: z.url().nullable(),
      })
      .nullable(),
    resumes_at: instant.nullable().describe('When a paused subscription goes on by itself.'),
    ended_at: instant.nullable(),
    has_access: z
      .boolean()
      .describe('Whether features may be used now; a policy apart from status.'),
    access_until: instant
      .nullable()
      .describe('Null when no end of access is known, or there is none.'),
    checkout: z
      .object({ url: z.url(), expires_at: instant })
      .nullable()
      .describe('The page that waits to be paid.'),
    created_at: instant,
    updated_at: instant,
  })
  .openapi('Subscription')

export type SubscriptionBody = z.infer<typeof subscriptionSchema>

/** A subscription as callers see it at the instant `now`. */
export async function viewOfSubscription(
  subscription: Subscription,
  plans: PlanRepository,
  now: Date,
): Promise<SubscriptionBody> {
  const plan = await plans.getVersion(subscription.planVersionId)
  const { currency } = plan.price
  const offered = await plans.findActive(plan.planId, currency)
  const onSale = offered?.price.currency === currency ? offered : undefined
  const { pendingChange } = subscription
  const pendingPlan = pendingChange && (await plans.getVersion(pendingChange.planVersionId))
  return bodyOf(subscription, { plan, onSale, pendingPlan, now })
}

type Beside = {
  readonly plan: PlanVersion
  readonly onSale: PlanVersion | undefined
  readonly pendingPlan: PlanVersion | null
  readonly now: Date
}

const bodyOf = (
  subscription: Subscription,
  { plan, onSale, pendingPlan, now }: Beside,
): SubscriptionBody => ({
  id: subscription.id,
  user_id: subscription.userId,
  status: subscription.status,
  plan: {
    slug: plan.slug,
    name: plan.name,
    version: plan.version,
    version_on_sale: onSale?.version ?? null,
    period: plan.period,
    price: { amount_minor: plan.price.amountMinor, currency: plan.price.currency },
  },
  quantity: subscription.quantity,
  discount: subscription.discount && {
    coupon: subscription.discount.couponId,
    promotion_code: subscription.discount.promotionCode,
    percent_off: subscription.discount.percentOff,
    amount_off_minor: subscription.discount.amountOffMinor,
    currency: subscription.discount.currency,
    ends_at: subscription.discount.endsAt?.toISOString() ?? null,
  },
  period: subscription.period && {
    start: subscription.period.start.toISOString(),
    end: subscription.period.end.toISOString(),
  },
  trial_end: subscription.trialEnd?.toISOString() ?? null,
  cancel_at: subscription.cancelAt?.toISOString() ?? null,
  pending_change: subscription.pendingChange &&
    pendingPlan && {
      kind: subscription.pendingChange.kind,
      plan: pendingPlan.slug,
      version: pendingPlan.version,
      at: subscription.pendingChange.at.toISOString(),
      payment_url: subscription.pendingChange.paymentUrl,
    },
  resumes_at: subscription.resumesAt?.toISOString() ?? null,
  ended_at: subscription.endedAt?.toISOString() ?? null,
  has_access: hasAccess(subscription.accessUntil, now),
  access_until: endOfAccess(subscription.accessUntil),
  checkout: subscription.checkout && {
    url: subscription.checkout.url,
    expires_at: subscription.checkout.expiresAt.toISOString(),
  },
  created_at: subscription.createdAt.toISOString(),
  updated_at: subscription.updatedAt.toISOString(),
})

const endOfAccess = (until: Date | null): string | null =>
  until === null || until >= FOREVER ? null : until.toISOString()
