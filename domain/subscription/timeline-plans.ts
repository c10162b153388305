import type { Change } from './timeline.ts'

/** A plan version with a number of units. */
type PlanUnits = { readonly planVersionId: string; readonly quantity: number }

/** The plans of a timeline entry: from which to which, and from when a scheduled one counts (ISO 8601). */
export type PlanStep = {
  readonly from: PlanUnits
  readonly to: PlanUnits
  readonly at: string | null
}

/** The plans of an entry about a change of plan or quantity; null for all others. */
export function planStepOf({ kind, before, after }: Change): PlanStep | null {
  const present = unitsOf(after)
  if (kind === 'plan_changed' || kind === 'quantity_changed')
    return before && { from: unitsOf(before), to: present, at: null }
  if (kind === 'plan_change_scheduled' || kind === 'plan_change_awaits_payment')
    return pendingStep(present, after.pendingChange)
  if (kind === 'plan_change_withdrawn' || kind === 'plan_change_lapsed')
    return pendingStep(present, before?.pendingChange ?? null)
  return null
}

const unitsOf = ({ planVersionId, quantity }: PlanUnits): PlanUnits => ({ planVersionId, quantity })

const pendingStep = (from: PlanUnits, pending: Change['after']['pendingChange']): PlanStep | null =>
  pending && {
    from,
    to: { planVersionId: pending.planVersionId, quantity: pending.quantity ?? from.quantity },
    at: pending.at,
  }
