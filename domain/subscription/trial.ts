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
