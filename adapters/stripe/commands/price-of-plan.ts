import type { PlanVersion } from '../../../domain/catalogue/plan.ts'
import type { PlanRepository } from '../../../domain/catalogue/plan-repository.ts'
import type { DriftRepository } from '../../../domain/stripe/drift.ts'
import { isPriceRefused } from '../sdk/errors.ts'
import { lookupKeyOf } from './catalogue.ts'
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

/** The parts of a sale, which may have to replace an archived price. */
export type SaleParts = {
  readonly plans: Pick<PlanRepository, 'recordStripeIds' | 'replaceStripePrice'>
  readonly drift: Pick<DriftRepository, 'note'>
  readonly stripe: Pick<StripeGateway, 'ensurePrice' | 'renewPrice'>
}

/**
 * Sends a request with a plan version's price. If somebody archived the price or its product at Stripe, the version gets a
 * new price there, which is recorded, an operator gets a finding, and the request is sent again. Existing subscriptions
 * keep the old price. Running it twice finds the new price.
 */
export async function withPriceOf<T>(
  parts: SaleParts,
  plan: PlanVersion,
  { send, at }: { readonly send: (priceId: string) => Promise<T>; readonly at: Date },
): Promise<T> {
  const from = await priceOfPlan(parts, plan)
  try {
    return await send(from)
  } catch (error) {
    if (!isPriceRefused(error)) throw error
    const to = await parts.stripe.renewPrice(plan, from)
    await parts.plans.replaceStripePrice(plan.id, { from, to, at })
    const detail = `${lookupKeyOf(plan)}: the price ${from} or its product was archived at Stripe; ${to} is sold now`
    await parts.drift.note(
      { kind: 'plan_differs', subscriptionId: null, stripeId: from, detail },
      at,
    )
    return await send(to)
  }
}
