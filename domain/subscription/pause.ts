import type { Live, Running, Subscription } from './subscription.ts'

/** Stripe's instants are whole seconds. */
const SECOND_MS = 1_000

/**
 * The end of the period after a resumption: what was left at the pause continues. The length of the pause is rounded down
 * to whole seconds at both ends, so that pausing again and again never adds time.
 *
 * @param at the instant of the resumption.
 * @returns null when nothing is left: then the resumption begins a new period.
 */
export function endAfterPause({ period, pausedAt }: Live, at: Date): Date | null {
  if (period === null || pausedAt === null || pausedAt >= period.end) return null
  const stopped = Math.ceil(pausedAt.getTime() / SECOND_MS)
  const continued = Math.floor(at.getTime() / SECOND_MS)
  const end = new Date(period.end.getTime() + Math.max(0, continued - stopped) * SECOND_MS)
  // Stripe accepts an end in the future only.
  return end.getTime() > at.getTime() + SECOND_MS ? end : null
}

/**
 * Whether a paid subscription is in the rest of a period that a pause has moved. Stripe has no such state: there it is a
 * trial up to the end of what was paid.
 */
export const isMovedRest = (subscription: Subscription): subscription is Running =>
  subscription.status === 'active' &&
  subscription.stripeSubscriptionId !== null &&
  subscription.trialEnd !== null &&
  subscription.trialEnd.getTime() === subscription.period.end.getTime()
