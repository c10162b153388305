import { spanOf } from '../../../domain/catalogue/period.ts'
import type { PlanVersion } from '../../../domain/catalogue/plan.ts'
import type { Repositories } from '../../../domain/repositories.ts'
import type { AddonUnits } from '../../../domain/subscription/subscription.ts'
import type { WantedAddon } from './addon-items.ts'
import type { StripeGateway } from './gateway.ts'
import type { ScheduledPlanChange } from './plan-change.ts'
import { withPriceOf } from './price-of-plan.ts'

/** The prices at Stripe that a change to a plan uses. */
export type PlannedPrices = Pick<ScheduledPlanChange, 'priceId' | 'overage' | 'span' | 'addons'>

/** A change to send with the plan's prices. */
type Planned<T> = {
  readonly send: (prices: PlannedPrices) => Promise<T>
  readonly at: Date
  /** The add-ons after the change; null keeps the present ones. */
  readonly addons: readonly AddonUnits[] | null
  /** The present add-ons, whose items keep their prices. */
  readonly held: readonly AddonUnits[]
}

/** The parts by which prices at Stripe are found, made or replaced. */
type PriceParts = Pick<StripeGateway, 'ensurePrice' | 'renewPrice' | 'ensureOveragePrices'>

/** Sends a change with the prices at Stripe of a plan and its add-ons, created if they are missing. See `withPriceOf` for archived ones. */
export async function withPlannedPrices<T>(
  {
    stripe,
    repositories: { plans, drift },
  }: {
    readonly stripe: PriceParts
    readonly repositories: Pick<Repositories, 'plans' | 'drift'>
  },
  plan: PlanVersion,
  { send, at, addons, held }: Planned<T>,
): Promise<T> {
  const parts = { plans, drift, stripe }
  const overage = await stripe.ensureOveragePrices(plan)
  const span = spanOf(plan.period)
  const isHeld = ({ planVersionId }: AddonUnits) =>
    held.some((each) => each.planVersionId === planVersionId)
  const added = (addons ?? []).filter((each) => !isHeld(each))
  const kept = (addons ?? []).filter(isHeld).map((each) => ({ ...each, priceId: null }))
  const sendWith = async (priceId: string, priced: readonly WantedAddon[]): Promise<T> => {
    const next = added[priced.length]
    if (next === undefined)
      return send({ priceId, overage, span, addons: addons && [...kept, ...priced] })
    return withPriceOf(parts, await plans.getVersion(next.planVersionId), {
      send: (ofAddon) => sendWith(priceId, [...priced, { ...next, priceId: ofAddon }]),
      at,
    })
  }
  return withPriceOf(parts, plan, { send: (priceId) => sendWith(priceId, []), at })
}
