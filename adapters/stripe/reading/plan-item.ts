import type Stripe from 'stripe'
import type { PlanKind } from '../../../domain/catalogue/plan-kind.ts'
import type { PlanVersion } from '../../../domain/catalogue/plan.ts'
import { idOf } from './ids.ts'

/** Knows which prices at Stripe are prices of plans here. */
export type PlanPrices<Plan = KnownVersion> = {
  readonly findByStripePrice: (stripePriceId: string) => Promise<Plan | undefined>
}

/** The prices at Stripe that belong to a plan or an add-on here. */
export type KnownPrices = ReadonlyMap<string, KnownVersion>
/** The version that a price belongs to. */
type KnownVersion = { readonly id: string; readonly kind: PlanKind }

/** An item of a subscription, of an update that waits for its payment, or of a schedule's phase. */
type Priced = { readonly price: string | { readonly id: string } }

/**
 * The item that is the plan: the first whose price is a plan's, wherever it stands in the list. Add-ons and other items of the
 * dashboard are not. When no price is known here, it is the first item, whose price is then reported as unknown.
 */
export const planItemOf = <Item extends Priced>(
  items: readonly Item[],
  known: KnownPrices,
): Item | undefined =>
  items.find((item) => kindOf(item, known) === 'base') ??
  items.find((item) => kindOf(item, known) === undefined) ??
  items[0]

const kindOf = ({ price }: Priced, known: KnownPrices): PlanKind | undefined =>
  known.get(idOf(price) ?? '')?.kind

/** The items that are add-ons, with their prices and quantities. */
export const addonItemsOf = <Item extends Priced & { readonly quantity?: number }>(
  items: readonly Item[],
  known: KnownPrices,
): (Item & { readonly priceId: string; readonly quantity: number })[] =>
  items
    .filter((item) => kindOf(item, known) === 'addon')
    .map((item) => ({ ...item, priceId: idOf(item.price) ?? '', quantity: item.quantity ?? 1 }))

/** Whether exactly one item is a plan. Otherwise it is not known which one a change of plan would replace. */
export const isPlanClear = (items: readonly Priced[], known: KnownPrices): boolean =>
  items.filter((item) => kindOf(item, known) === 'base').length === 1

/** The items that nobody here made: neither plans, nor add-ons, nor metered items, which charge usage beyond a quota. */
export const foreignItemsOf = (
  items: readonly Stripe.SubscriptionItem[],
  known: KnownPrices,
): Stripe.SubscriptionItem[] =>
  items.filter(({ price }) => price.recurring?.usage_type !== 'metered' && !known.has(price.id))

/** Reads whether exactly one item of a subscription is a plan now. Changes nothing. */
export async function hasClearPlan(
  { stripe, plans }: { readonly stripe: Stripe; readonly plans: PlanPrices },
  stripeSubscriptionId: string,
): Promise<boolean> {
  const { items } = await stripe.subscriptions.retrieve(stripeSubscriptionId)
  return isPlanClear(items.data, await planPricesOf(plans, items.data))
}

/** @returns those of the items' prices that are prices of plans and add-ons here */
export async function planPricesOf(
  plans: PlanPrices,
  items: readonly Priced[],
): Promise<KnownPrices> {
  const found = new Map<string, KnownVersion>()
  for (const id of new Set(items.map(({ price }) => idOf(price)))) {
    const plan = id === null ? undefined : await plans.findByStripePrice(id)
    if (id !== null && plan !== undefined) found.set(id, plan)
  }
  return found
}

/** The plan prices of a subscription in all its states: now, after a payment that it waits for, in its schedule's phases. */
export function planPricesInSight(
  plans: PlanPrices,
  { items, schedule, pending_update: update }: Stripe.Subscription,
): Promise<KnownPrices> {
  const phases = schedule === null || typeof schedule === 'string' ? [] : schedule.phases
  return planPricesOf(plans, [
    ...items.data,
    ...(update?.subscription_items ?? []),
    ...phases.flatMap((phase): readonly Priced[] => phase.items),
  ])
}

/** @returns the first base plan among these prices, with its price */
export async function planAmong(
  plans: PlanPrices<PlanVersion>,
  priceIds: readonly string[],
): Promise<{ readonly plan: PlanVersion; readonly priceId: string } | undefined> {
  for (const priceId of new Set(priceIds)) {
    const plan = await plans.findByStripePrice(priceId)
    if (plan?.kind === 'base') return { plan, priceId }
  }
  return undefined
}
