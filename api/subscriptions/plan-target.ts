import type { PlanVersion } from '../../domain/catalogue/plan.ts'
import type { PlanRepository } from '../../domain/catalogue/plan-repository.ts'
import { allows } from '../../domain/subscription/commands.ts'
import {
  refusalOfChange,
  type ChangeTime,
  type PlanChangeRefusal,
} from '../../domain/subscription/plan-change.ts'
import { isLive, type Subscription } from '../../domain/subscription/subscription.ts'
import { SUBSCRIPTION_ENDED } from './refusal.ts'

type TargetRefusal = {
  readonly code:
    | 'plan_not_found'
    | 'plan_unchanged'
    | 'checkout_required'
    | 'plan_not_changeable'
    | 'subscription_over'
    | 'move_not_allowed'
  readonly detail: string
}
type Wanted = {
  /** Slug or id. */
  readonly planId: string
  readonly quantity?: number | undefined
  readonly when?: ChangeTime | undefined
  readonly at: Date
}
type Target =
  | { readonly kind: 'found'; readonly before: PlanVersion; readonly after: PlanVersion }
  | { readonly kind: 'refused'; readonly refusal: TargetRefusal }

const refused = (refusal: TargetRefusal) => ({ kind: 'refused' as const, refusal })

/** Finds the version that a plan change leads to, in the subscription's currency, or the reason why it is not possible. */
export async function findTarget(
  plans: PlanRepository,
  own: Subscription,
  { planId, quantity, when, at }: Wanted,
): Promise<Target> {
  if (!isLive(own.status)) return refused({ code: 'subscription_over', detail: SUBSCRIPTION_ENDED })
  if (!allows('changePlan', own.status))
    return refused({
      code: 'move_not_allowed',
      detail: `The plan of a subscription with the status \`${own.status}\` cannot change.`,
    })
  const before = await plans.getVersion(own.planVersionId)
  // A free plan for all currencies has none; `findOffered` then uses the new plan's first currency.
  const { currency } = before.price
  const after = await plans.findOffered(planId, { userId: own.userId, at, currency })
  if (after === undefined)
    return refused({
      code: 'plan_not_found',
      detail: `There is no plan \`${planId}\`. GET /api/v1/billing/plans lists all plans.`,
    })
  const isQuantityNew = quantity !== undefined && quantity !== own.quantity
  if (before.id === after.id && isQuantityNew && when === 'period_end')
    return refused({
      code: 'plan_not_changeable',
      detail: 'A quantity changes only now, with proration. Leave `when` out.',
    })
  const refusal = refusalOfChange(own, { before, after, quantity })
  return refusal === null ? { kind: 'found', before, after } : refused(REFUSALS[refusal])
}

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
