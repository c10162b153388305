import { invalid, missing } from '../http/refusal.ts'
import { newDiscount } from '../objects/coupon.ts'
import type { Coupon, Discount, InvoiceLine, PromotionCode, Subscription } from '../store/stored.ts'
import type { Reader, Step } from '../store/store.ts'
import { emit } from '../webhooks/emit.ts'
import { boundary } from './calendar.ts'

export type Claim = {
  readonly coupon?: string | undefined
  readonly promotion_code?: string | undefined
}

export type Claimed = { readonly coupon: Coupon; readonly code: PromotionCode | null }

/** The coupon that a call or a customer names, if it is still redeemable. */
export function claimed(step: Step, claim: Claim, at: string): Claimed {
  const code = claim.promotion_code === undefined ? null : codeOf(step, claim.promotion_code, at)
  const id = code === null ? claim.coupon : code.promotion.coupon
  const coupon = step.find('coupons', id ?? '')
  if (coupon === undefined) throw missing('coupon', id ?? '', `${at}[coupon]`, 'param')
  if (isValid(step, coupon)) return { coupon, code }
  throw invalid(`Coupon ${coupon.id} is used up or expired.`, `${at}[coupon]`, 'coupon_expired')
}

function codeOf(step: Step, id: string, at: string): PromotionCode {
  const code = step.find('promotionCodes', id)
  if (code === undefined) throw missing('promotion code', id, `${at}[promotion_code]`, 'param')
  const isOver = code.expires_at !== null && code.expires_at <= step.now
  const isUsedUp = code.max_redemptions !== null && code.times_redeemed >= code.max_redemptions
  if (code.active && !isOver && !isUsedUp) return code
  throw invalid('This promotion code is not active.', `${at}[promotion_code]`)
}

export function isValid({ now }: Pick<Step, 'now'>, coupon: Coupon): boolean {
  const { max_redemptions: max, redeem_by: until } = coupon
  return (max === null || coupon.times_redeemed < max) && (until === null || now <= until)
}

type Place = {
  readonly customer: string
  readonly subscription: string
  readonly checkoutSession: string | null
}

/** Redeems a coupon once, for a subscription. */
export function redeem(step: Step, { coupon, code }: Claimed, place: Place): Discount {
  const used = step.put('coupons', { ...coupon, times_redeemed: coupon.times_redeemed + 1 })
  step.put('coupons', { ...used, valid: isValid(step, used) })
  if (code !== null)
    step.put('promotionCodes', { ...code, times_redeemed: code.times_redeemed + 1 })
  const months = coupon.duration === 'repeating' ? coupon.duration_in_months : null
  const monthly = { interval: 'month', interval_count: 1 } as const
  const discount = step.put(
    'discounts',
    newDiscount({
      ...place,
      coupon: coupon.id,
      promotionCode: code?.id ?? null,
      start: step.now,
      end: months === null ? null : boundary(step.now, monthly, months),
    }),
  )
  emit(step, 'customer.discount.created', discount)
  return discount
}

/** The lines of an invoice with the amount of each discount. A line never falls below zero. */
export function discountLines(
  step: Pick<Reader, 'find' | 'rows'> & { readonly now: number },
  subscription: Subscription,
  lines: readonly InvoiceLine[],
): InvoiceLine[] {
  return subscription.discounts.reduce<InvoiceLine[]>(
    (discounted, id) => {
      const discount = step.find('discounts', id)
      const coupon = step.find('coupons', discount?.source.coupon ?? '')
      if (discount === undefined || coupon === undefined) return discounted
      return applies(step, discount, coupon) ? takeOff(discounted, id, coupon) : discounted
    },
    [...lines],
  )
}

function applies(
  step: Pick<Reader, 'rows'> & { readonly now: number },
  discount: Discount,
  coupon: Coupon,
): boolean {
  if (discount.end !== null && discount.end <= step.now) return false
  if (coupon.duration !== 'once') return true
  for (const invoice of step.rows('invoices', {
    index: 'subscription',
    key: discount.subscription ?? '',
  })) {
    if (invoice.status !== 'void' && invoice.discounts.includes(discount.id)) return false
  }
  return true
}

function takeOff(lines: readonly InvoiceLine[], discount: string, coupon: Coupon): InvoiceLine[] {
  let left = coupon.amount_off ?? 0
  return lines.map((line) => {
    const open = openAmount(line)
    if (open <= 0) return line
    const amount =
      coupon.percent_off === null
        ? Math.min(open, left)
        : Math.round((open * coupon.percent_off) / 100)
    left -= coupon.percent_off === null ? amount : 0
    if (amount === 0) return line
    return {
      ...line,
      discounts: [...line.discounts, discount],
      discount_amounts: [...(line.discount_amounts ?? []), { amount, discount }],
    }
  })
}

/** The amount of a line after its discounts. */
export const openAmount = (line: Pick<InvoiceLine, 'amount' | 'discount_amounts'>): number =>
  (line.discount_amounts ?? []).reduce((left, { amount }) => left - amount, line.amount)
