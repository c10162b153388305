import { createHash } from 'node:crypto'
import { misfitOf } from '../../domain/catalogue/addon.ts'
import type { PlanRepository } from '../../domain/catalogue/plan-repository.ts'
import type { PlanVersion } from '../../domain/catalogue/plan.ts'
import type { Units } from '../../domain/catalogue/pooled-plan.ts'
import { readAddons, sameAddons } from '../../domain/subscription/addons.ts'
import type { AddonUnits, Subscription } from '../../domain/subscription/subscription.ts'
import type { Form } from './form.ts'
import { emptyAsUndefined, numberOf } from './form-values.ts'

/** The start of the names of the fields of add-ons. */
const ADDON = 'addon_'

/** The name of the field with the units of an add-on. */
export const addonField = ({ slug }: Pick<PlanVersion, 'slug'>): string => `${ADDON}${slug}`

/** The fields of a change of items that a form has, as the API accepts them. An add-on without units ends. */
export const itemsBody = (form: Form) => ({
  plan_id: emptyAsUndefined(form['plan_id']),
  quantity: numberOf(emptyAsUndefined(form['quantity'])),
  addons: addonsFrom(form),
  when: emptyAsUndefined(form['when']),
  proration_date: emptyAsUndefined(form['proration_date']),
})

/** Absent if the form has no field of an add-on: then all stay. */
function addonsFrom(form: Form) {
  const written = Object.entries(form).filter(([name]) => name.startsWith(ADDON))
  if (written.length === 0) return undefined
  return written
    .map(([name, units]) => ({
      plan_id: name.slice(ADDON.length),
      quantity: numberOf(emptyAsUndefined(units)) ?? 0,
    }))
    .filter(({ quantity }) => quantity !== 0)
}

/**
 * The add-ons that a subscription has, with their units, and after them those on sale that fit its plan, with none.
 * Nothing fits a subscription that Stripe does not know: it has no invoice.
 */
export async function readAddonChoices(
  plans: Pick<PlanRepository, 'getVersion' | 'listAddons'>,
  { addons, stripeSubscriptionId }: Pick<Subscription, 'addons' | 'stripeSubscriptionId'>,
  plan: PlanVersion,
): Promise<readonly Units[]> {
  if (stripeSubscriptionId === null) return []
  const [held, onSale] = await Promise.all([readAddons(plans, addons), plans.listAddons()])
  const others = onSale.filter(
    (addon) =>
      misfitOf(addon, plan) === null && !held.some((each) => each.plan.planId === addon.planId),
  )
  return [...held, ...others.map((addon) => ({ plan: addon, quantity: 0 }))]
}

type Items = Pick<Subscription, 'planVersionId' | 'quantity' | 'addons' | 'pendingChange'>

/** Names the items of a subscription as they were reviewed: others, or another pending change, have another name. */
export function reviewedItems(items: Items): string {
  const { planVersionId, quantity, addons, pendingChange } = items
  const units = addons
    .map((each) => `${each.planVersionId} × ${each.quantity}`)
    .toSorted((a, b) => a.localeCompare(b))
  const pending = pendingChange && [
    pendingChange.planVersionId,
    pendingChange.quantity,
    pendingChange.addons.map((each) => [each.planVersionId, each.quantity]),
    pendingChange.at,
  ]
  return createHash('sha256')
    .update(JSON.stringify([planVersionId, quantity, units, pending]))
    .digest('base64url')
}

/**
 * Whether a confirmed change was reviewed with other items than the subscription has. The second form of a double click finds
 * its own change, which is fine: the API answers it as the first.
 */
export function isStaleReview(own: Subscription, form: Form, choices: readonly Units[]): boolean {
  if (form['reviewed'] === reviewedItems(own)) return false
  const { addons, quantity } = itemsBody(form)
  const wanted = choices.flatMap(({ plan }) => {
    const units = addons?.find(({ plan_id: id }) => id === plan.slug)?.quantity
    return typeof units === 'number' ? [{ planVersionId: plan.id, quantity: units }] : []
  })
  type Present = { readonly quantity: number; readonly addons: readonly AddonUnits[] }
  const isTarget = ({ quantity: units, addons: held }: Present) =>
    units === (quantity ?? units) && (addons === undefined || sameAddons(held, wanted))
  return !isTarget(own) && !(own.pendingChange !== null && isTarget(own.pendingChange))
}
