import type { PlanVersion } from '../catalogue/plan.ts'
import type { Letter } from '../customer/letter.ts'
import type { InvoiceFacts } from '../stripe/snapshot.ts'
import { accessUntil, type AccessPolicy } from '../subscription/access.ts'
import type { DroppedChange } from '../subscription/set-aside.ts'
import type { Subscription } from '../subscription/subscription.ts'
import type { Change } from '../subscription/timeline.ts'
import type { TrialIdentityKind } from '../subscription/trial-identity.ts'
import type { QuotaWindow } from '../usage/quota-window.ts'
import { entriesOf, lettersOf } from './announcements.ts'
import { freshQuotaFrom, windowsOf } from './quota.ts'
import { applyRule, type PlanOf, type Rule } from './rule.ts'

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

/**
 * Decides a change. It depends on nothing but the facts, so a stored decision can be run again by any later build.
 *
 * @throws InapplicableRuleError if the state does not allow the rule.
 */
export function decide(facts: DecisionFacts): Decision {
  const { before, rule, at, policy } = facts
  const planOf = planIn(facts.plans)
  const applied = applyRule(before, rule, { planOf, at })
  const after: Subscription = { ...applied, accessUntil: accessUntil(applied, policy) }
  const step = { ...facts, after, planOf, invoice: invoiceOf(rule) }
  return {
    after,
    changes: entriesOf(step),
    letters: lettersOf(step),
    windows: windowsOf(step),
    endWindowsAt: freshQuotaFrom(step),
  }
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

/** Stripe's latest invoice, as a rule knows it. */
export const invoiceOf = (rule: Rule): InvoiceFacts | undefined =>
  rule.name === 'stripe_snapshot' && rule.snapshot.subscription?.kind === 'present'
    ? (rule.snapshot.subscription.latestInvoice ?? undefined)
    : undefined
