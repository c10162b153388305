import { isDisputed, isFirst, isOfRenewal, type Invoice } from './invoice.ts'
import { isLive, type Subscription } from '../subscription/subscription.ts'

/** What the operator wants when money goes back: `keep` leaves it to a person, `cancel` ends the subscription at once. */
export const MONEY_BACK_CHOICES = ['keep', 'cancel'] as const
type Choice = (typeof MONEY_BACK_CHOICES)[number]

export type MoneyBackPolicy = {
  /** The whole bill of the present period was refunded. A part of it, or the bill of a change of plan, ends nothing. */
  readonly onFullRefund: Choice
  /** A bank is asked to take back any payment of this subscription. */
  readonly onDispute: Choice
}

/** Whether what became of a bill ends its subscription. */
export function endsSubscription(
  invoice: Invoice,
  { status, period }: Pick<Subscription, 'status' | 'period'>,
  { onFullRefund, onDispute }: MoneyBackPolicy,
): boolean {
  if (!isLive(status)) return false
  if (onDispute === 'cancel' && isDisputed(invoice)) return true
  const isOfPresentPeriod =
    (isFirst(invoice) || isOfRenewal(invoice)) &&
    period !== null &&
    invoice.period.end >= period.end
  const isWhole = invoice.amountPaidMinor > 0 && invoice.refundedMinor >= invoice.amountPaidMinor
  return onFullRefund === 'cancel' && isOfPresentPeriod && isWhole
}
