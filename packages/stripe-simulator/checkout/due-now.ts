import { appliesTo } from '../billing/discounts.ts'
import type { Reader } from '../store/store.ts'
import type { CheckoutIntent } from '../store/tables.ts'

/** The amount that a checkout charges today, before and after its discount. */
export function dueNow(reader: Reader, { lines, trialEnd, discount }: CheckoutIntent) {
  const subtotal =
    trialEnd === null ? lines.reduce((sum, line) => sum + line.amount_subtotal, 0) : 0
  const coupon = reader.find('coupons', discount?.coupon ?? '')
  if (coupon === undefined || trialEnd !== null) return { subtotal, total: subtotal }
  const reduced = lines
    .filter(({ price }) => appliesTo(coupon, price?.product))
    .reduce((sum, line) => sum + line.amount_subtotal, 0)
  const off =
    coupon.percent_off === null
      ? Math.min(coupon.amount_off ?? 0, reduced)
      : Math.round((reduced * coupon.percent_off) / 100)
  return { subtotal, total: Math.max(subtotal - off, 0) }
}
