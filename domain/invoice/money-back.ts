import { isDisputed, isFirst, isOfRenewal, type Invoice } from './invoice.ts'
import { isLive, type Subscription } from '../subscription/subscription.ts'

/** The policy for returned money: `keep` changes nothing, `cancel` ends the subscription immediately. */
export const MONEY_BACK_CHOICES = ['keep', 'cancel'] as const
type Choice = (typeof MONEY_BACK_CHOICES)[number]

/** The consequences of refunds and disputes for the subscription. */
export type MoneyBackPolicy = {
  /** After a full refund of the current period's invoice. Partial refunds and invoices of plan changes never end it. */
  readonly onFullRefund: Choice
  /** After a dispute of any payment of the subscription. */
  readonly onDispute: Choice
}

/** @returns true if a refund or dispute of this invoice ends its subscription. */
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
