const DAY_MS = 86_400_000

/** How long before a trial ends its person is told: Stripe's own measure. */
export const TRIAL_REMINDER_MS = 3 * DAY_MS
/** Stripe's bound on a trial's end: two years ahead. */
export const TRIAL_MAX_MS = 730 * DAY_MS

export const trialReminderAt = (trialEnd: Date): Date =>
  new Date(trialEnd.getTime() - TRIAL_REMINDER_MS)

/** Whether the reminder falls due between one write and the next; a trial shorter than that has none. */
export const isReminderCrossed = (trialEnd: Date, before: Date, at: Date): boolean => {
  const reminder = trialReminderAt(trialEnd)
  return before < reminder && reminder <= at && at < trialEnd
}
