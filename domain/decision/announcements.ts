import { pooledPlan } from '../catalogue/pooled-plan.ts'
import type { Units } from '../catalogue/pooled-plan.ts'
import { letterOfDropped, lettersFor, type Letter } from '../customer/letter.ts'
import type { Around } from '../customer/letter-content.ts'
import { endsForLackOfPayment } from '../subscription/access.ts'
import { isFirstPaymentRefused } from '../subscription/first-payment.ts'
import type { AddonUnits } from '../subscription/subscription.ts'
import { changesBetween, factsOf, type Change, type ChangeKind } from '../subscription/timeline.ts'
import { entryAndLetterOf } from '../usage/alert.ts'
import type { DecidedStep } from './facts.ts'
import type { PlanOf } from './rule.ts'

/** The timeline entries of a step, in the order in which a reader expects them. */
export function entriesOf(step: DecidedStep): Change[] {
  const { before, after, at, rule } = step
  const entry = (kind: ChangeKind): Change => ({
    kind,
    before: factsOf(before),
    after: factsOf(after),
  })
  if (step.isImport) return [entry('imported')]
  return [
    ...changesBetween(before, after, at),
    ...(endsForLackOfPayment(before, after, at) ? [entry('access_ended')] : []),
    ...(step.dropped === null ? [] : [entry('plan_change_dropped')]),
    ...(rule.name === 'usage_alert' ? [alertOf(step, rule).change] : []),
  ]
}

/** The letters of a step. */
export function lettersOf(step: DecidedStep): Letter[] {
  const { before, after, at, rule, dropped, planOf } = step
  const around = aroundOf(step)
  const named = dropped && { planName: planOf(dropped.planVersionId).name }
  return [
    ...(step.isImport ? [] : lettersFor(before, after, around, at)),
    ...(dropped && named
      ? [letterOfDropped({ before, after }, around, { ...named, because: dropped.because })]
      : []),
    ...(rule.name === 'usage_alert' ? [alertOf(step, rule).letter] : []),
  ]
}

/** The plans that letters name beside the subscription's own. */
function aroundOf({ before, after, planOf, invoice, trialRefused }: DecidedStep): Around {
  const { pendingChange } = after
  const page = isFirstPaymentRefused(before, after) ? before.checkout : null
  return {
    plan: planOf(after.planVersionId),
    purchased: page ? planOf(page.planVersionId) : undefined,
    planBefore:
      before.planVersionId === after.planVersionId ? undefined : planOf(before.planVersionId),
    pendingPlan: pendingChange ? planOf(pendingChange.planVersionId) : undefined,
    addons: unitsOf(after.addons, planOf),
    pendingAddons: unitsOf(pendingChange?.addons ?? [], planOf),
    invoice,
    isTrialRefused: trialRefused.length > 0,
  }
}

/** The versions of add-ons with their units. */
export const unitsOf = (addons: readonly AddonUnits[], planOf: PlanOf): Units[] =>
  addons.map(({ planVersionId, quantity }) => ({ plan: planOf(planVersionId), quantity }))

function alertOf(
  { after, planOf }: DecidedStep,
  { alert }: Extract<DecidedStep['rule'], { name: 'usage_alert' }>,
) {
  const { quantity, addons } = after
  const pooled = pooledPlan(
    { plan: planOf(after.planVersionId), quantity },
    unitsOf(addons, planOf),
  )
  return entryAndLetterOf(alert, after, pooled)
}
