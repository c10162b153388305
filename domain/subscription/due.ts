import { intervalAt } from '../calendar.ts'
import { UNIT_OF_PERIOD, type PlanVersion } from '../catalogue/plan.ts'
import { isLive, type Subscription } from './subscription.ts'
import { trialReminderAt } from './trial.ts'

/** The next thing that a subscription does by time alone. */
export type Due = {
  readonly at: Date
  readonly what:
    | 'checkout expiry'
    | 'free change'
    | 'free end'
    | 'free renewal'
    | 'grace end'
    | 'payment expiry'
    | 'quota reset'
    | 'renewal expected'
    | 'resume'
    | 'trial reminder'
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** A session expires at Stripe first; we ask a little later, in case its webhook was lost. */
export const CHECKOUT_SLACK_MS = MINUTE_MS
/** Stripe gives a change up that was not paid; we ask a little later. */
export const PENDING_SLACK_MS = MINUTE_MS
/** Stripe closes a draft invoice one hour after the period's end, and its event may take its time. */
export const RENEWAL_SLACK_MS = 3 * HOUR_MS

/** What comes first for `subscription`, or null for one that is over. It may lie in the past: then it is due now. */
export function nextDue(subscription: Subscription, plan: PlanVersion): Due | null {
  const candidates = [
    checkoutExpiry(subscription),
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

function checkoutExpiry({ status, checkout }: Subscription): Due | null {
  if (!isLive(status) || checkout === null) return null
  return { at: new Date(checkout.expiresAt.getTime() + CHECKOUT_SLACK_MS), what: 'checkout expiry' }
}

/** Stripe ends what it bills by itself; what it does not know ends here. */
function freeEnd({ status, cancelAt, stripeSubscriptionId }: Subscription): Due | null {
  if (!isLive(status) || cancelAt === null || stripeSubscriptionId !== null) return null
  return { at: cancelAt, what: 'free end' }
}

/** Stripe carries out what is scheduled there; its renewal tells. */
function pendingChange({
  status,
  pendingChange: change,
  stripeSubscriptionId,
}: Subscription): Due | null {
  if (!isLive(status) || change === null) return null
  if (change.kind === 'awaiting_payment')
    return { at: new Date(change.at.getTime() + PENDING_SLACK_MS), what: 'payment expiry' }
  return stripeSubscriptionId === null ? { at: change.at, what: 'free change' } : null
}

const resume = ({ status, resumesAt }: Subscription): Due | null =>
  status === 'paused' && resumesAt !== null ? { at: resumesAt, what: 'resume' } : null

/** Once: whatever is written at or after the instant of the reminder has told it. */
function trialReminder({ status, trialEnd, cancelAt, updatedAt }: Subscription): Due | null {
  if (status !== 'trialing' || trialEnd === null || cancelAt !== null) return null
  const at = trialReminderAt(trialEnd)
  return updatedAt < at ? { at, what: 'trial reminder' } : null
}

function periodEnd({ status, period, stripeSubscriptionId }: Subscription): Due | null {
  if (!isLive(status) || status === 'paused' || period === null) return null
  if (stripeSubscriptionId === null) return { at: period.end, what: 'free renewal' }
  return { at: new Date(period.end.getTime() + RENEWAL_SLACK_MS), what: 'renewal expected' }
}

/**
 * A quota that resets monthly inside a longer period. Shorter windows open when they are first used: waking each
 * workflow every hour would buy nothing, since whoever opens a window opens the same one.
 */
function quotaReset(subscription: Subscription, plan: PlanVersion): Due | null {
  const { status, anchor, period, updatedAt } = subscription
  if (!isLive(status) || status === 'paused' || anchor === null || period === null) return null
  const monthly = plan.features.some((feature) => feature.reset === 'month')
  if (!monthly || UNIT_OF_PERIOD[plan.period] === 'month') return null
  const reset = intervalAt(anchor, 'month', updatedAt).end
  return reset < period.end ? { at: reset, what: 'quota reset' } : null
}

/** Access ends by time alone. Stripe is asked once more then: the money may have come unseen. */
function graceEnd({ status, accessUntil, updatedAt }: Subscription): Due | null {
  if (status !== 'past_due' || accessUntil === null || updatedAt >= accessUntil) return null
  return { at: accessUntil, what: 'grace end' }
}
