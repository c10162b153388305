import { isFree, type PlanVersion } from '../catalogue/plan.ts'
import type { SubscriptionSnapshot } from '../stripe/snapshot.ts'

type Present = Extract<SubscriptionSnapshot, { kind: 'present' }>

/** Whether an offer ends in this period, so that the next period has another price. */
export const endsInPeriod = ({ offerEndsAt }: PlanVersion, periodEnd: Date): boolean =>
  offerEndsAt !== null && offerEndsAt <= periodEnd

/**
 * Whether a subscription would be renewed for an offer's price after the offer has ended: its last period has no change, and
 * no end at or before the end of the period.
 */
export function outlivesOffer(
  { status, period, cancelAt, scheduled, awaitingPayment }: Present,
  plan: PlanVersion,
): boolean {
  if (isFree(plan) || !endsInPeriod(plan, period.end)) return false
  const isRunning = status === 'trialing' || status === 'active'
  const ends = cancelAt !== null && cancelAt <= period.end
  return isRunning && !ends && scheduled === null && awaitingPayment === null
}
