import type Stripe from 'stripe'
import type { PlanVersion } from '../../../domain/catalogue/plan.ts'
import { idOf } from './ids.ts'

/** Knows which prices at Stripe are prices of plans here. */
export type PlanPrices<Plan = unknown> = {
  readonly findByStripePrice: (stripePriceId: string) => Promise<Plan | undefined>
}

/** An item of a subscription, of an update that waits for its payment, or of a schedule's phase. */
type Priced = { readonly price: string | { readonly id: string } }

/**
 * The item that is the plan: the first whose price is a plan's, wherever it stands in the list. Add-ons and other items of the
 * dashboard are not. When no price is known here, it is the first item, whose price is then reported as unknown.
 */
export const planItemOf = <Item extends Priced>(
  items: readonly Item[],
  planPrices: ReadonlySet<string>,
): Item | undefined => items.find(({ price }) => planPrices.has(idOf(price) ?? '')) ?? items[0]

/** Whether exactly one item is a plan. Otherwise it is not known which one a change of plan would replace. */
export const isPlanClear = (items: readonly Priced[], planPrices: ReadonlySet<string>): boolean =>
  items.filter(({ price }) => planPrices.has(idOf(price) ?? '')).length === 1

/** The items that nobody here made: neither plans nor metered items, which charge usage beyond a quota. */
export const foreignItemsOf = (
  items: readonly Stripe.SubscriptionItem[],
  planPrices: ReadonlySet<string>,
): Stripe.SubscriptionItem[] =>
  items.filter(
    ({ price }) => price.recurring?.usage_type !== 'metered' && !planPrices.has(price.id),
  )

/** Reads whether exactly one item of a subscription is a plan now. Changes nothing. */
export async function hasClearPlan(
  { stripe, plans }: { readonly stripe: Stripe; readonly plans: PlanPrices },
  stripeSubscriptionId: string,
): Promise<boolean> {
  const { items } = await stripe.subscriptions.retrieve(stripeSubscriptionId)
  return isPlanClear(items.data, await planPricesOf(plans, items.data))
}

/** @returns those of the items' prices that are prices of plans here */
export async function planPricesOf(
  plans: PlanPrices,
  items: readonly Priced[],
): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  for (const id of new Set(items.map(({ price }) => idOf(price))))
    if (id !== null && (await plans.findByStripePrice(id)) !== undefined) found.add(id)
  return found
}

/** The plan prices of a subscription in all its states: now, after a payment that it waits for, in its schedule's phases. */
export function planPricesInSight(
  plans: PlanPrices,
  { items, schedule, pending_update: update }: Stripe.Subscription,
): Promise<ReadonlySet<string>> {
  const phases = schedule === null || typeof schedule === 'string' ? [] : schedule.phases
  return planPricesOf(plans, [
    ...items.data,
    ...(update?.subscription_items ?? []),
    ...phases.flatMap((phase): readonly Priced[] => phase.items),
  ])
}

/** @returns the first plan among these prices, with its price */
export async function planAmong(
  plans: PlanPrices<PlanVersion>,
  priceIds: readonly string[],
): Promise<{ readonly plan: PlanVersion; readonly priceId: string } | undefined> {
  for (const priceId of new Set(priceIds)) {
    const plan = await plans.findByStripePrice(priceId)
    if (plan !== undefined) return { plan, priceId }
  }
  return undefined
}
