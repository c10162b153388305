import { monthsAfter } from './calendar.ts'
import type { Invoice } from './customer.ts'

/** A discount and its duration. */
type Coupon = {
  readonly percent: number | null
  readonly amount: number
  readonly duration: 'forever' | 'once' | { readonly months: number }
}
export const COUPONS = {
  HALF: { percent: 50, amount: 0, duration: 'forever' },
  WELCOME: { percent: 20, amount: 0, duration: { months: 3 } },
  ONCE: { percent: null, amount: 700, duration: 'once' },
} as const satisfies Record<string, Coupon>
export type Code = keyof typeof COUPONS
export const CODES = Object.keys(COUPONS) as Code[]

export type Discount = {
  readonly code: Code
  readonly endsAt: number | null
  /** The invoice that used a one-time coupon. */
  spentOn: Invoice | null
}

export function discountFrom(code: Code, at: number): Discount {
  const { duration }: Coupon = COUPONS[code]
  const endsAt = typeof duration === 'object' ? monthsAfter(at, duration.months) : null
  return { code, endsAt, spentOn: null }
}

/** Whether the discount applies to an invoice of this instant; a voided invoice returns its one-time coupon. */
export function counts({ code, endsAt, spentOn }: Discount, at: number): boolean {
  if (endsAt !== null && endsAt <= at) return false
  return COUPONS[code].duration !== 'once' || spentOn === null || spentOn.status === 'void'
}

/** The discount on an amount; credits have none. */
export function reduction(discount: Discount | null, amount: number, at: number): number {
  if (discount === null || amount <= 0 || !counts(discount, at)) return 0
  const { percent, amount: off }: Coupon = COUPONS[discount.code]
  return percent === null ? Math.min(amount, off) : Math.round((amount * percent) / 100)
}
