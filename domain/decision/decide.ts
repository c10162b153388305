import type { InvoiceFacts } from '../stripe/snapshot.ts'
import { accessUntil } from '../subscription/access.ts'
import type { Subscription } from '../subscription/subscription.ts'
import { entriesOf, lettersOf } from './announcements.ts'
import { planIn, type Decision, type DecisionFacts } from './facts.ts'
import { freshQuotaFrom, windowsOf } from './quota.ts'
import { applyRule, type Rule } from './rule.ts'

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

/** Stripe's latest invoice, as a rule knows it. */
export const invoiceOf = (rule: Rule): InvoiceFacts | undefined =>
  rule.name === 'stripe_snapshot' && rule.snapshot.subscription?.kind === 'present'
    ? (rule.snapshot.subscription.latestInvoice ?? undefined)
    : undefined
