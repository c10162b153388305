/** `card` refunds to the payment method. `balance` becomes credit that the customer's next invoices use up. */
export const RETURN_TARGETS = ['card', 'balance'] as const
export type ReturnTarget = (typeof RETURN_TARGETS)[number]

/** The money of an invoice at Stripe, in minor units. */
export type MoneyOfInvoice = {
  readonly currency: string
  readonly paidMinor: number
  /** By payment: its amount and the part that was already refunded. */
  readonly payments: readonly {
    readonly id: string
    readonly amountMinor: number
    readonly refundedMinor: number
  }[]
  /** Already credited to the customer's balance. */
  readonly creditedMinor: number
}

/** @returns the amount that can still go there: never more in all than was paid, and to a card not more than one payment */
export function returnableMinor(
  { paidMinor, payments, creditedMinor }: MoneyOfInvoice,
  to: ReturnTarget,
): number {
  const refunded = payments.reduce((sum, { refundedMinor }) => sum + refundedMinor, 0)
  const left = Math.max(0, paidMinor - refunded - creditedMinor)
  if (to === 'balance') return left
  const largest = Math.max(0, ...payments.map((each) => each.amountMinor - each.refundedMinor))
  return Math.min(left, largest)
}
