import type { PlanVersion } from '../../../domain/catalogue/plan.ts'
import type { PlanRepository } from '../../../domain/catalogue/plan-repository.ts'
import type { StripeGateway } from './gateway.ts'

type Parts = {
  readonly plans: Pick<PlanRepository, 'recordStripeIds'>
  readonly stripe: Pick<StripeGateway, 'ensurePrice'>
}

/** @returns the id of a plan version's price at Stripe, created if it is missing. Running it twice returns the same id. */
export async function priceOfPlan({ plans, stripe }: Parts, plan: PlanVersion): Promise<string> {
  if (plan.stripePriceId !== null) return plan.stripePriceId
  const ids = await stripe.ensurePrice(plan)
  await plans.recordStripeIds(plan.id, ids)
  return ids.priceId
}
