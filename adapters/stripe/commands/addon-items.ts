import type Stripe from 'stripe'
import { addonItemsOf, type KnownPrices } from '../reading/plan-item.ts'

/** Units of an add-on that a subscription is to have. */
export type WantedAddon = {
  readonly planVersionId: string
  readonly quantity: number
  /** The price for a new item; null if the subscription has an item of this version, whose price stays. */
  readonly priceId: string | null
}

/** A change of one item: another quantity, its end, or a new item. */
export type AddonChange =
  | { readonly id: string; readonly quantity: number }
  | { readonly id: string; readonly deleted: true }
  | { readonly price: string; readonly quantity: number }

/** An item of a subscription, or of a schedule's phase, where it has no id. */
type Item = {
  readonly price: string | { readonly id: string }
  readonly quantity?: number
  readonly id?: string
}

/**
 * The changes that lead from the present items to these add-ons. An add-on that stays as it is is not named, so that an archived
 * price stays. If the dashboard made two items of one version, the first becomes that of all units.
 *
 * @param wanted null keeps the present add-ons
 */
export function addonChanges(
  items: readonly Stripe.SubscriptionItem[],
  wanted: readonly WantedAddon[] | null,
  known: KnownPrices,
): AddonChange[] {
  if (wanted === null) return []
  const open = new Map(wanted.map((each) => [each.planVersionId, each]))
  const changed = addonItemsOf(items, known).flatMap(({ id, priceId, quantity }): AddonChange[] => {
    const version = known.get(priceId)?.id ?? ''
    const target = open.get(version)
    open.delete(version)
    if (target === undefined) return [{ id, deleted: true }]
    return target.quantity === quantity ? [] : [{ id, quantity: target.quantity }]
  })
  const added = [...open.values()].flatMap(({ priceId: price, quantity }) =>
    price === null ? [] : [{ price, quantity }],
  )
  return [...changed, ...added]
}

/** The add-ons that do not change, as an update names them: a change that waits for its payment shows only what it names. */
export const keptAddons = (
  items: readonly Stripe.SubscriptionItem[],
  changes: readonly AddonChange[],
  known: KnownPrices,
): AddonChange[] =>
  addonItemsOf(items, known)
    .filter(({ id }) => !changes.some((each) => 'id' in each && each.id === id))
    .map(({ id, quantity }) => ({ id, quantity }))

/**
 * Whether items have exactly these add-ons already.
 *
 * @param wanted null keeps the `present` ones
 */
export function hasAddons(
  items: readonly Item[],
  wanted: readonly WantedAddon[] | null,
  { known, present }: { readonly known: KnownPrices; readonly present: readonly Item[] },
): boolean {
  const target =
    wanted === null
      ? unitsIn(present, known)
      : wanted.map(({ planVersionId, quantity }) => `${planVersionId} ${quantity}`)
  return unitsIn(items, known).toSorted().join() === target.toSorted().join()
}

const unitsIn = (items: readonly Item[], known: KnownPrices): string[] =>
  addonItemsOf(items, known).map(
    ({ priceId, quantity }) => `${known.get(priceId)?.id ?? ''} ${quantity}`,
  )

/** The part of an idempotency key that names the add-ons: Stripe limits its length. */
export const nameOfAddons = (wanted: readonly WantedAddon[] | null): string =>
  wanted === null || wanted.length === 0
    ? ''
    : `-with-${wanted
        .map(
          ({ planVersionId, priceId, quantity }) =>
            `${quantity}x${(priceId ?? planVersionId).slice(-8)}`,
        )
        .join('-')}`
