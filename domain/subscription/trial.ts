import type { PlanVersion } from '../catalogue/plan.ts'
import { isMovedRest } from './pause.ts'
import type { Subscription } from './subscription.ts'

const DAY_MS = 86_400_000

/**
 * The reminder comes this long before a trial ends, as Stripe's own `trial_will_end` does.
 * @see https://docs.stripe.com/billing/subscriptions/trials
 */
export const TRIAL_REMINDER_MS = 3 * DAY_MS
/**
 * A trial ends at most two years ahead.
 * @see https://docs.stripe.com/api/subscriptions/update#update_subscription-trial_end
 */
export const TRIAL_MAX_MS = 730 * DAY_MS

/** @returns the instant of the reminder. It may lie before the trial's start: then there is none. */
export const trialReminderAt = (trialEnd: Date): Date =>
  new Date(trialEnd.getTime() - TRIAL_REMINDER_MS)

/** Whether the reminder falls due between the previous write, at `before`, and this one. */
export const isReminderCrossed = (trialEnd: Date, before: Date, at: Date): boolean => {
  const reminder = trialReminderAt(trialEnd)
  return before < reminder && reminder <= at && at < trialEnd
}

type TrialChange = {
  readonly after: PlanVersion
  /** An operator decides about the trial separately, so their change of plan leaves it as it is. */
  readonly actor: 'user' | 'operator'
  readonly at: Date
}

/**
 * The end of a trial after its plan changes. The new plan's trial counts from the start of the present one, and never
 * makes it longer: otherwise a cheap plan's trial would be a free period of any other plan.
 * The rest of a period that a pause has moved is a trial at Stripe, and ends with the change.
 *
 * @returns `now` when the new plan has no trial, or its days have passed; null when the end stays.
 */
export function trialEndAfterChange(
  subscription: Subscription,
  { after, actor, at }: TrialChange,
): Date | 'now' | null {
  if (isMovedRest(subscription)) return 'now'
  const { status, period, trialEnd } = subscription
  if (actor === 'operator' || status !== 'trialing') return null
  const end = new Date(period.start.getTime() + after.trialDays * DAY_MS)
  if (end <= at) return 'now'
  return end < trialEnd ? end : null
}

/** Whether a user's change would give more units without paying for them, because the trial continues. */
export const growsInTrial = (
  subscription: Subscription,
  { quantity, ...change }: TrialChange & { readonly quantity: number },
): boolean =>
  subscription.status === 'trialing' &&
  change.actor === 'user' &&
  quantity > subscription.quantity &&
  trialEndAfterChange(subscription, change) !== 'now'
