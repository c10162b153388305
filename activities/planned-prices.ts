import type { ScheduledPlanChange } from '../adapters/stripe/commands/plan-change.ts'
import { withPriceOf } from '../adapters/stripe/commands/price-of-plan.ts'
import { spanOf } from '../domain/catalogue/period.ts'
import type { PlanVersion } from '../domain/catalogue/plan.ts'
import type { ActivityParts } from './parts.ts'

/** The prices at Stripe that a change to a plan uses. */
export type PlannedPrices = Pick<ScheduledPlanChange, 'priceId' | 'overage' | 'span'>

/** Sends a change with the plan's prices at Stripe, created if they are missing. See `withPriceOf` for archived ones. */
export async function withPlannedPrices(
  { stripe, repositories: { plans, drift } }: Pick<ActivityParts, 'repositories' | 'stripe'>,
  plan: PlanVersion,
  { send, at }: { readonly send: (prices: PlannedPrices) => Promise<void>; readonly at: Date },
): Promise<void> {
  const overage = await stripe.ensureOveragePrices(plan)
  const span = spanOf(plan.period)
  const sendAt = (priceId: string) => send({ priceId, overage, span })
  await withPriceOf({ plans, drift, stripe }, plan, { send: sendAt, at })
}
