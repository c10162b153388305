import { isFree, type PlanVersion } from '../../domain/catalogue/plan.ts'
import type { Repositories } from '../../domain/repositories.ts'
import { heldBeyond } from '../../domain/usage/held-beyond.ts'
import { allows } from '../../domain/subscription/commands.ts'
import {
  creditsUsedPeriod,
  refusalOfChange,
  usualTime,
  type ChangeTime,
  type PlanChangeRefusal,
} from '../../domain/subscription/plan-change.ts'
import { readAddons } from '../../domain/subscription/addons.ts'
import {
  isInPeriod,
  isLive,
  type AddonUnits,
  type Subscription,
} from '../../domain/subscription/subscription.ts'
import type { AccessPolicy } from '../auth/access.ts'
import { hasScope, type Caller } from '../auth/caller.ts'
import { DOWNGRADE_NOT_NOW } from './command.ts'
import { SUBSCRIPTION_ENDED } from './refusal.ts'
import { findAddons, refused, type TargetRefusal, type WantedItem } from './addon-target.ts'

type Wanted = {
  /** Slug or id; absent keeps the present version. */
  readonly planId?: string | undefined
  /** Absent keeps the present ones. */
  readonly addons?: readonly WantedItem[] | undefined
  readonly quantity?: number | undefined
  readonly when?: ChangeTime | undefined
  readonly at: Date
  readonly mayDowngradeNow: boolean
}
type Target =
  | {
      readonly kind: 'found'
      readonly after: PlanVersion
      /** The add-ons after the change. */
      readonly addons: readonly AddonUnits[]
      /** As requested, or the default. A trial changes now all the same. */
      readonly when: ChangeTime
      /** The end of the present period. */
      readonly periodEnd: Date
    }
  | { readonly kind: 'refused'; readonly refusal: TargetRefusal }

/** Finds the version that a plan change leads to, in the subscription's currency, or the reason why it is not possible. */
export async function findTarget(
  { plans, usage }: Pick<Repositories, 'plans' | 'usage'>,
  own: Subscription,
  { planId, quantity, addons: wantedAddons, at, mayDowngradeNow, ...wanted }: Wanted,
): Promise<Target> {
  if (!isLive(own.status)) return refused({ code: 'subscription_over', detail: SUBSCRIPTION_ENDED })
  if (!isInPeriod(own) || !allows('changePlan', own.status))
    return refused({
      code: 'move_not_allowed',
      detail: `The plan of a subscription with the status \`${own.status}\` cannot change.`,
    })
  const before = await plans.getVersion(own.planVersionId)
  // A free plan for all currencies has none; `findOffered` then uses the new plan's first currency.
  const { currency } = before.price
  const after =
    planId === undefined
      ? before
      : await plans.findOffered(planId, { userId: own.userId, at, currency })
  if (after === undefined)
    return refused({
      code: 'plan_not_found',
      detail: `There is no plan \`${planId}\`. GET /api/v1/billing/plans lists all plans.`,
    })
  const found = await findAddons(plans, own, { before, after, wanted: wantedAddons })
  if (found.kind === 'refused') return found
  const { addons } = found
  const change = { before, after, quantity, addons }
  const refusal = refusalOfChange(own, change)
  if (refusal !== null) return refused(REFUSALS[refusal])
  const when = wanted.when ?? usualTime(own, change)
  if (!mayDowngradeNow && creditsUsedPeriod(own, change, when)) return refused(DOWNGRADE_NOT_NOW)
  const items = {
    base: { plan: after, quantity: isFree(after) ? 1 : (quantity ?? own.quantity) },
    addons: await readAddons(plans, addons),
    addonsBefore: await readAddons(plans, own.addons),
  }
  const held = heldBeyond(items, await usage.list(own, at))
  if (held.length > 0) return refused(quantityInUse(held))
  return { kind: 'found', after, addons, when, periodEnd: own.period.end }
}

/** Whether the caller may change a plan to less before the paid period ends. */
export const mayDowngradeNow = (
  caller: Caller,
  { downgradesNow }: Pick<AccessPolicy, 'downgradesNow'>,
): boolean =>
  hasScope(caller, 'operator') || (caller.kind === 'key' && downgradesNow === 'applications')

const quantityInUse = (held: ReturnType<typeof heldBeyond>): TargetRefusal => ({
  code: 'quantity_in_use',
  detail: `More is in use than this change would leave: ${held
    .map(({ code, used, limit }) => `${used} of \`${code}\`, with a limit of ${limit}`)
    .join('; ')}. Release them first, or keep more.`,
  errors: [{ field: 'quantity', detail: 'is less than what is in use' }],
})

const REFUSALS: Record<PlanChangeRefusal, TargetRefusal> = {
  same_plan: {
    code: 'plan_unchanged',
    detail:
      'The subscription already has this plan. To withdraw a pending change, use DELETE /subscriptions/{id}/plan/pending.',
  },
  checkout_required: {
    code: 'checkout_required',
    detail:
      'A free subscription has no card to charge. Use POST /subscriptions/checkout with this plan; the same subscription continues after the payment.',
  },
  other_product_line: {
    code: 'plan_not_changeable',
    detail: 'The plan belongs to another product line. Use POST /subscriptions/checkout instead.',
  },
  free_has_no_quantity: {
    code: 'plan_not_changeable',
    detail: 'A free plan has no quantity. Leave `quantity` out.',
  },
  other_currency: {
    code: 'plan_not_changeable',
    detail:
      'The plan is not sold in the subscription’s currency, which cannot change. Cancel at the end of the period, then subscribe to the other plan.',
  },
}
