import type { PlanVersion } from '../../../domain/catalogue/plan.ts'
import type { PlanRepository } from '../../../domain/catalogue/plan-repository.ts'
import type { StripeSnapshot } from '../../../domain/stripe/snapshot.ts'

/** @returns the plan versions of the prices in a snapshot, by price id. Prices that belong to no plan are left out. */
export async function plansOfSnapshot(
  plans: Pick<PlanRepository, 'findByStripePrice'>,
  { subscription }: Pick<StripeSnapshot, 'subscription'>,
): Promise<Map<string, PlanVersion>> {
  const found = new Map<string, PlanVersion>()
  if (subscription?.kind !== 'present') return found
  const { priceId, addons, scheduled, awaitingPayment } = subscription
  const ofAddons = [addons, scheduled?.addons ?? [], awaitingPayment?.addons ?? []].flat()
  for (const id of new Set([
    priceId,
    scheduled?.priceId,
    awaitingPayment?.priceId,
    ...ofAddons.map((each) => each.priceId),
  ])) {
    const plan = id === undefined ? undefined : await plans.findByStripePrice(id)
    if (id !== undefined && plan !== undefined) found.set(id, plan)
  }
  return found
}
