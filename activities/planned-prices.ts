import { priceOfPlan } from '../adapters/stripe/commands/price-of-plan.ts'
import { UNIT_OF_PERIOD, type PlanVersion } from '../domain/catalogue/plan.ts'
import type { ActivityParts } from './parts.ts'

/** The prices at Stripe that a change to this plan uses, created if they are missing. */
export const plannedPrices = async (
  { stripe, repositories: { plans } }: Pick<ActivityParts, 'repositories' | 'stripe'>,
  plan: PlanVersion,
) => ({
  priceId: await priceOfPlan({ plans, stripe }, plan),
  overage: (await stripe.readOveragePrices(plan)).prices,
  interval: UNIT_OF_PERIOD[plan.period],
})
