import type { Interval } from '../calendar.ts'
import type { PlanVersion, Reset } from '../catalogue/plan.ts'
import type { Invoice } from '../invoice/invoice.ts'
import type { FeatureUsage } from '../usage/repository.ts'
import type { Subscription } from './subscription.ts'

/**
 * The rest of a paid period when it is paused. `none`: it stands still and continues at the resumption. `prorated`: its unused
 * part is credited, and the resumption begins and charges a new period.
 */
export const PAUSE_CREDITS = ['none', 'prorated'] as const
export type PauseCredit = (typeof PAUSE_CREDITS)[number]

/** A credit on the customer's balance, in minor units, at least 1. */
export type CreditOfInvoice = { readonly invoiceId: string; readonly amountMinor: number }

/** Everything that decides a credit, as it was when the pause stopped access. */
export type PausedPeriod = {
  readonly plan: PlanVersion
  /** The price of the add-ons for one period, in minor units. */
  readonly addonsMinor: number
  readonly invoices: readonly Invoice[]
  readonly usage: readonly FeatureUsage[]
  readonly at: Date
}

/**
 * The credit for a paused period: of each invoice that paid for it, the share of which neither time nor quota was used, and in
 * all at most that share of the price. So usage never costs less than its part of the quota.
 *
 * @returns empty if nothing is credited: then the clock stops. That is so for a period that was paid from a balance, is not paid
 *   in full, or was moved by an earlier pause.
 */
export function creditsOfPause(
  { id, period, quantity }: Subscription,
  { plan, addonsMinor, invoices, usage, at }: PausedPeriod,
): readonly CreditOfInvoice[] {
  if (period === null) return []
  const ofPeriod = invoices.filter(
    (each) =>
      each.subscriptionId === id &&
      each.period.end.getTime() === period.end.getTime() &&
      each.status !== 'void',
  )
  const isPaidByCard = ofPeriod.every(
    ({ status, creditUsedMinor, disputeStatus }) =>
      status === 'paid' && creditUsedMinor === 0 && disputeStatus === null,
  )
  if (!isPaidByCard) return []
  const share = unusedShare(period, usage, at)
  let left = Math.floor((plan.price.amountMinor * quantity + addonsMinor) * share)
  return ofPeriod.flatMap(({ id: invoiceId, ...paid }) => {
    const kept = paid.amountPaidMinor - paid.refundedMinor - paid.creditedMinor
    const amountMinor = Math.min(left, Math.floor(Math.max(0, kept) * share))
    left -= amountMinor
    return amountMinor > 0 ? [{ invoiceId, amountMinor }] : []
  })
}

/** The share of a period, from 0 to 1, of which neither the time nor any limited quota was used. */
export function unusedShare(period: Interval, usage: readonly FeatureUsage[], at: Date): number {
  const used = [shareOfTime(period, at), ...usage.map((each) => shareOfQuota(period, each))]
  return Math.min(1, Math.max(0, 1 - Math.max(...used)))
}

const lengthOf = ({ start, end }: Interval): number => end.getTime() - start.getTime()

const shareOfTime = (period: Interval, at: Date): number =>
  (at.getTime() - period.start.getTime()) / lengthOf(period)

/**
 * The used share of a quota. A window inside the period counts with its place and its part of the period, because the windows
 * before it have ended; any other window counts as if it were the whole period. Reservations count as used.
 */
function shareOfQuota(period: Interval, { feature, counter }: FeatureUsage): number {
  if (feature.type !== 'metered' || counter === null) return 0
  // A limit that an operator raised was not paid for.
  const limits = [feature.quotaLimit, counter.quotaLimit].filter((each) => each !== null)
  if (limits.length === 0) return 0
  const { usedAmount, held, windowStart } = counter
  const taken = Math.max(0, usedAmount + held)
  const limit = Math.min(...limits)
  const used = limit === 0 ? Math.sign(taken) : Math.min(1, taken / limit)
  const length = LONGEST_MS[feature.reset]
  if (length === undefined || length >= lengthOf(period) / 2) return used
  const before = Math.max(0, windowStart.getTime() - period.start.getTime())
  return (before + used * length) / lengthOf(period)
}

const HOUR_MS = 3_600_000
/** The longest windows of the kinds that may lie inside a period. */
const LONGEST_MS: Readonly<Partial<Record<Reset, number>>> = {
  hour: HOUR_MS,
  // A day in which clocks change.
  day: 25 * HOUR_MS,
  week: (7 * 24 + 1) * HOUR_MS,
  month: (31 * 24 + 1) * HOUR_MS,
}
