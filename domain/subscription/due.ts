import { intervalAt } from '../calendar.ts'
import type { PlanVersion } from '../catalogue/plan.ts'
import { isOver, type Live, type Subscription } from './subscription.ts'
import { trialReminderAt } from './trial.ts'

/** The next thing that happens to a subscription by time alone. `at` may lie in the past: then it is due now. */
export type Due = {
  readonly at: Date
  readonly what:
    | 'checkout expiry'
    | 'free change'
    | 'free end'
    | 'free renewal'
    | 'grace end'
    | 'payment expected'
    | 'payment expiry'
    | 'quota reset'
    | 'renewal expected'
    | 'resume'
    | 'trial reminder'
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** A bank takes up to 14 days. @see https://docs.stripe.com/payments/sepa-debit */
const BANK_LOOK_MS = 24 * HOUR_MS

/** Stripe expires the page first. We read it a little later, in case its webhook was lost. */
export const CHECKOUT_SLACK_MS = MINUTE_MS
/** Stripe drops an unpaid change first. We read it a little later. */
export const PENDING_SLACK_MS = MINUTE_MS
/**
 * Stripe finalizes a draft invoice about one hour after the period's end, and its event may be late.
 * @see https://docs.stripe.com/invoicing/integration/workflow-transitions
 */
export const RENEWAL_SLACK_MS = 3 * HOUR_MS

/**
 * @param plan the plan version that `subscription` has.
 * @returns the earliest due thing; null for a subscription that has ended.
 */
export function nextDue(subscription: Subscription, plan: PlanVersion): Due | null {
  if (isOver(subscription)) return null
  const candidates = [
    checkoutExpiry(subscription),
    bankAnswer(subscription),
    freeEnd(subscription),
    pendingChange(subscription),
    resume(subscription),
    trialReminder(subscription),
    quotaReset(subscription, plan),
    graceEnd(subscription),
    periodEnd(subscription),
  ].filter((due) => due !== null)
  return candidates.reduce<Due | null>(
    (first, due) => (first === null || due.at < first.at ? due : first),
    null,
  )
}

/** A page that was submitted does not expire. */
const checkoutExpiry = ({ checkout, paymentProcessing }: Live): Due | null =>
  checkout === null || paymentProcessing !== null
    ? null
    : {
        at: new Date(checkout.expiresAt.getTime() + CHECKOUT_SLACK_MS),
        what: 'checkout expiry',
      }

/** The event of the bank's answer may be lost, so Stripe is read once a day until it is known. */
const bankAnswer = ({ paymentProcessing, updatedAt }: Live): Due | null =>
  paymentProcessing && {
    at: new Date(updatedAt.getTime() + BANK_LOOK_MS),
    what: 'payment expected',
  }

/** Stripe ends its own subscriptions. A free one ends here. */
const freeEnd = ({ cancelAt, stripeSubscriptionId }: Live): Due | null =>
  cancelAt !== null && stripeSubscriptionId === null ? { at: cancelAt, what: 'free end' } : null

/** Stripe carries out what is scheduled there; its renewal shows the result. */
function pendingChange({ pendingChange: change, stripeSubscriptionId }: Live): Due | null {
  if (change === null) return null
  if (change.kind === 'awaiting_payment')
    return { at: new Date(change.at.getTime() + PENDING_SLACK_MS), what: 'payment expiry' }
  return stripeSubscriptionId === null ? { at: change.at, what: 'free change' } : null
}

const resume = ({ resumesAt }: Live): Due | null => resumesAt && { at: resumesAt, what: 'resume' }

/** Only once: each write at or after the instant of the reminder has made its entry. */
function trialReminder(subscription: Live): Due | null {
  if (subscription.status !== 'trialing' || subscription.cancelAt !== null) return null
  const at = trialReminderAt(subscription.trialEnd)
  return subscription.updatedAt < at ? { at, what: 'trial reminder' } : null
}

function periodEnd({ status, period, stripeSubscriptionId }: Live): Due | null {
  if (status === 'paused' || period === null) return null
  if (stripeSubscriptionId === null) return { at: period.end, what: 'free renewal' }
  return { at: new Date(period.end.getTime() + RENEWAL_SLACK_MS), what: 'renewal expected' }
}

/**
 * A quota that resets monthly at another time than the period ends. Shorter windows open with their first use, whichever process opens
 * them, so no workflow has to wake up for them.
 */
function quotaReset(subscription: Live, plan: PlanVersion): Due | null {
  const { status, anchor, period, updatedAt } = subscription
  if (status === 'paused' || anchor === null || period === null) return null
  const monthly = plan.features.some((feature) => feature.reset === 'month')
  if (!monthly || plan.period === 'monthly') return null
  const reset = intervalAt(anchor, 'month', updatedAt).end
  return reset < period.end ? { at: reset, what: 'quota reset' } : null
}

/** Access ends by time alone. Stripe is read once more then: the payment's event may have been lost. */
function graceEnd({ status, accessUntil, updatedAt }: Live): Due | null {
  if (status !== 'past_due' || accessUntil === null || updatedAt >= accessUntil) return null
  return { at: accessUntil, what: 'grace end' }
}
