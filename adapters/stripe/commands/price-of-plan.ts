import type { PlanVersion } from '../../../domain/catalogue/plan.ts'
import type { PlanRepository } from '../../../domain/catalogue/plan-repository.ts'
import type { StripeGateway } from './gateway.ts'

type Parts = {
  readonly plans: Pick<PlanRepository, 'recordStripeIds'>
  readonly stripe: Pick<StripeGateway, 'ensurePrice'>
}

/** The id of a plan's price at Stripe, where it is made when it is missing. Running it twice finds the same. */
export async function priceOfPlan({ plans, stripe }: Parts, plan: PlanVersion): Promise<string> {
  if (plan.stripePriceId !== null) return plan.stripePriceId
  const ids = await stripe.ensurePrice(plan)
  await plans.recordStripeIds(plan.id, ids)
  return ids.priceId
}
