import type { PlanVersion } from '../catalogue/plan.ts'
import type { StripeSnapshot } from '../stripe/snapshot.ts'
import type { CancellationTime } from '../subscription/commands.ts'
import { withCancellation } from '../subscription/cancellation.ts'
import { observe } from '../subscription/observation.ts'
import {
  activateFree,
  changeFree,
  pauseFree,
  renewFree,
  resumeFree,
} from '../subscription/renewal.ts'
import type { SetAsideChange } from '../subscription/set-aside.ts'
import {
  ended,
  isInPeriod,
  type Checkout,
  type PendingChange,
  type Subscription,
} from '../subscription/subscription.ts'
import type { UsageAlert } from '../usage/alert.ts'

/** Facts of a command that Stripe cannot hold. */
export type Assumed = Partial<Pick<Subscription, 'pendingChange' | 'resumesAt' | 'pausedAt'>>

/**
 * The rule that changes a subscription, with the facts that it needs beside the subscription itself. Its names stand in
 * stored decisions and never change.
 */
export type Rule =
  | {
      readonly name: 'stripe_snapshot'
      readonly snapshot: StripeSnapshot
      /** The plan version of each price in the snapshot; a price that belongs to no plan is missing. */
      readonly planOfPrice: Readonly<Record<string, string>>
      readonly assume: Assumed
    }
  | { readonly name: 'renewal' }
  | { readonly name: 'free_start'; readonly planVersionId: string }
  | { readonly name: 'free_plan_change'; readonly planVersionId: string }
  | { readonly name: 'free_plan_change_scheduled'; readonly pendingChange: PendingChange }
  | { readonly name: 'plan_change_withdrawn' }
  | { readonly name: 'free_cancellation'; readonly when: CancellationTime }
  | { readonly name: 'cancellation_withdrawn'; readonly returns: SetAsideChange | null }
  | { readonly name: 'free_pause'; readonly resumesAt: Date | null }
  | { readonly name: 'free_resume' }
  | { readonly name: 'pause_credited' }
  | {
      readonly name: 'checkout_opened'
      readonly checkout: Checkout
      readonly generation: number
    }
  | { readonly name: 'checkout_abandoned' }
  | { readonly name: 'forced_cancellation' }
  | { readonly name: 'usage_alert'; readonly alert: UsageAlert }
/** The name of a rule. */
export type RuleName = Rule['name']

/** Finds a version by its id. @throws RangeError if it was not read. */
export type PlanOf = (planVersionId: string) => PlanVersion

/** A rule that does not apply to the state of its subscription. */
export class InapplicableRuleError extends RangeError {
  override readonly name = 'InapplicableRuleError'
  constructor(rule: RuleName, { status }: Subscription) {
    super(`the rule ${rule} does not apply to a subscription that is ${status}`)
  }
}

/**
 * Runs a rule. `accessUntil`, `observedSeq` and `updatedAt` are set by the decision.
 *
 * @returns `before` itself if the rule changes nothing.
 * @throws InapplicableRuleError if the state of `before` does not allow the rule.
 */
export function applyRule(
  before: Subscription,
  rule: Rule,
  { planOf, at }: { readonly planOf: PlanOf; readonly at: Date },
): Subscription {
  const inapplicable = () => new InapplicableRuleError(rule.name, before)
  switch (rule.name) {
    case 'stripe_snapshot':
      return observeSnapshot(before, rule, { planOf, at })
    case 'renewal':
      return renewed(before, { planOf, at })
    case 'free_start':
      return activateFree(before, planOf(rule.planVersionId), at)
    case 'free_plan_change':
      if (!isInPeriod(before)) throw inapplicable()
      return changeFree(before, planOf(rule.planVersionId), at)
    case 'free_plan_change_scheduled':
      return { ...before, pendingChange: rule.pendingChange, cancelAt: null }
    case 'plan_change_withdrawn':
      return { ...before, pendingChange: null }
    case 'free_cancellation':
      if (!isInPeriod(before)) throw inapplicable()
      return withCancellation(before, rule.when, at)
    case 'cancellation_withdrawn':
      return { ...before, cancelAt: null, pendingChange: returning(rule.returns) }
    case 'free_pause': {
      if (before.status !== 'active') throw inapplicable()
      const { resumesAt } = rule
      return { ...pauseFree(before, { at, resumesAt }), pendingChange: null, cancelAt: null }
    }
    case 'free_resume':
      if (before.status !== 'paused') throw inapplicable()
      return resumeFree(before, planOf(before.planVersionId), at)
    case 'pause_credited':
      return { ...before, pausedAt: null }
    case 'checkout_opened':
      return withPage(before, rule)
    case 'checkout_abandoned':
      if (before.status !== 'incomplete') throw inapplicable()
      return { ...before, status: 'incomplete_expired', endedAt: at }
    case 'forced_cancellation':
      return { ...ended(before, 'canceled', at), drift: null }
    case 'usage_alert':
      return before
  }
}

type Around = { readonly planOf: PlanOf; readonly at: Date }

function observeSnapshot(
  before: Subscription,
  { snapshot, planOfPrice, assume }: Extract<Rule, { name: 'stripe_snapshot' }>,
  { planOf, at }: Around,
): Subscription {
  const assumed = { ...before, ...assume }
  const { pendingChange } = assumed
  return observe(assumed, {
    snapshot,
    planOfPrice: new Map(
      Object.entries(planOfPrice).map(([price, version]) => [price, planOf(version)]),
    ),
    pendingPlan: pendingChange && planOf(pendingChange.planVersionId),
    at,
  })
}

function renewed(before: Subscription, { planOf, at }: Around): Subscription {
  const { pendingChange, planVersionId } = before
  if (before.stripeSubscriptionId !== null) return before
  const pendingPlan = pendingChange && planOf(pendingChange.planVersionId)
  return renewFree(before, planOf(planVersionId), pendingPlan, at)
}

const returning = (change: SetAsideChange | null): PendingChange | null =>
  change && { kind: 'scheduled', ...change, paymentUrl: null }

/** The page of an incomplete subscription sets its plan; a running one keeps its plan until the page is paid. */
const withPage = (
  before: Subscription,
  { checkout, generation }: Extract<Rule, { name: 'checkout_opened' }>,
): Subscription => ({
  ...before,
  planVersionId: before.status === 'incomplete' ? checkout.planVersionId : before.planVersionId,
  checkout,
  checkoutGeneration: generation,
})

/** The ids of the plan versions that a rule may read before its result is known. */
export const versionsOfRule = (before: Subscription, rule: Rule): string[] => [
  ...versionsOf(before),
  ...versionsNamed(rule),
]

function versionsNamed(rule: Rule): string[] {
  switch (rule.name) {
    case 'stripe_snapshot':
      return [
        ...Object.values(rule.planOfPrice),
        ...(rule.assume.pendingChange ? [rule.assume.pendingChange.planVersionId] : []),
      ]
    case 'free_start':
    case 'free_plan_change':
      return [rule.planVersionId]
    case 'renewal':
    case 'free_plan_change_scheduled':
    case 'plan_change_withdrawn':
    case 'free_cancellation':
    case 'cancellation_withdrawn':
    case 'free_pause':
    case 'free_resume':
    case 'pause_credited':
    case 'checkout_opened':
    case 'checkout_abandoned':
    case 'forced_cancellation':
    case 'usage_alert':
      return []
  }
}

/** The ids of the plan versions that a subscription names. */
export const versionsOf = ({
  planVersionId,
  addons,
  pendingChange,
  checkout,
}: Subscription): string[] => [
  planVersionId,
  ...addons.map((each) => each.planVersionId),
  ...(pendingChange === null
    ? []
    : [pendingChange.planVersionId, ...pendingChange.addons.map((each) => each.planVersionId)]),
  ...(checkout === null ? [] : [checkout.planVersionId]),
]
