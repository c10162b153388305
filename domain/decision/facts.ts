import type { PlanVersion } from '../catalogue/plan.ts'
import type { Letter } from '../customer/letter.ts'
import type { InvoiceFacts } from '../stripe/snapshot.ts'
import type { AccessPolicy } from '../subscription/access.ts'
import type { DroppedChange } from '../subscription/set-aside.ts'
import type { Subscription } from '../subscription/subscription.ts'
import type { Change } from '../subscription/timeline.ts'
import type { TrialIdentityKind } from '../subscription/trial-identity.ts'
import type { QuotaWindow } from '../usage/quota-window.ts'
import type { PlanOf, Rule } from './rule.ts'

/** Everything that a change of a subscription is decided from. */
export type DecisionFacts = {
  readonly before: Subscription
  readonly rule: Rule
  readonly at: Date
  readonly policy: AccessPolicy
  /** The customer's time zone, in which quota windows begin; null is UTC. */
  readonly timeZone: string | null
  /** All plan versions that are named before or after the change, by id. */
  readonly plans: ReadonlyMap<string, PlanVersion>
  /** An import gets one timeline entry and no letters. */
  readonly isImport: boolean
  /** By what a person was recognized who had a trial before, so that this one was refused. */
  readonly trialRefused: readonly TrialIdentityKind[]
  /** A plan change that cannot return after its cancellation was withdrawn. */
  readonly dropped: DroppedChange | null
}

/** A change of a subscription, and all that follows from it. */
export type Decision = {
  readonly after: Subscription
  readonly changes: readonly Change[]
  readonly letters: readonly Letter[]
  readonly windows: readonly QuotaWindow[]
  /** The instant from which usage is counted afresh; null keeps the count. */
  readonly endWindowsAt: Date | null
}

/** A decided step, from which its consequences follow. */
export type DecidedStep = Omit<DecisionFacts, 'plans' | 'policy'> & {
  readonly after: Subscription
  readonly planOf: PlanOf
  /** Stripe's latest invoice of the subscription, if the rule read it. */
  readonly invoice: InvoiceFacts | undefined
}

/** @throws RangeError for a version that is not among the facts. */
export const planIn =
  (plans: DecisionFacts['plans']): PlanOf =>
  (id) => {
    const plan = plans.get(id)
    if (plan === undefined) throw new RangeError(`the plan version ${id} is not among the facts`)
    return plan
  }
