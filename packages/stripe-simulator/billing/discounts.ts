import { invalid, missing } from '../http/refusal.ts'
import { newDiscount } from '../objects/coupon.ts'
import type { Coupon, Discount, InvoiceLine, PromotionCode, Subscription } from '../store/stored.ts'
import type { Reader, Step } from '../store/store.ts'
import { emit } from '../webhooks/emit.ts'
import { boundary } from './calendar.ts'

/** A coupon or a promotion code as a call names it, by its id; the promotion code wins. */
export type Claim = {
  readonly coupon?: string | undefined
  readonly promotion_code?: string | undefined
}

type Claiming = {
  /** The parameter, for the error. */
  readonly at: string
  /** Null on a page whose customer is not known yet. */
  readonly customer: string | null
  /** The amount before the discount, where the code has a minimum. */
  readonly subtotal?: { readonly amount: number; readonly currency: string }
}

/** A redeemable coupon, and the promotion code that led to it, if any. */
export type Claimed = { readonly coupon: Coupon; readonly code: PromotionCode | null }

/** The coupon that a call or a customer names, if it is still redeemable. */
export function claimed(step: Step, claim: Claim, { at, ...buyer }: Claiming): Claimed {
  const code = claim.promotion_code === undefined ? null : codeOf(step, claim.promotion_code, at)
  if (code !== null) refuseUnfit(step, code, { at, ...buyer })
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

/** The conditions that the code's restrictions set for the buyer. @see https://docs.stripe.com/billing/subscriptions/coupons */
function refuseUnfit(step: Step, code: PromotionCode, { at, customer, subtotal }: Claiming): void {
  const param = `${at}[promotion_code]`
  const { first_time_transaction: isFirst, minimum_amount: minimum } = code.restrictions
  if (code.customer !== null && code.customer !== customer)
    throw invalid('This promotion code is for another customer.', param)
  if (isFirst && customer !== null && hasPaid(step, customer))
    throw invalid('This promotion code is only for first-time customers.', param)
  if (minimum !== null && subtotal !== undefined) {
    const isOther = code.restrictions.minimum_amount_currency !== subtotal.currency
    if (isOther || subtotal.amount < minimum)
      throw invalid('The order does not reach the minimum amount of this promotion code.', param)
  }
}

function hasPaid(step: Step, customer: string): boolean {
  for (const { status, amount_paid: paid } of step.rows('invoices', {
    index: 'customer',
    key: customer,
  }))
    if (status === 'paid' && paid > 0) return true
  return false
}

/** Whether a coupon may still be redeemed, by its number of redemptions and its last instant. */
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
    if (open <= 0 || !appliesTo(coupon, line.pricing?.price_details?.product)) return line
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

/** Whether a coupon is for this product: without `applies_to` it is for all. */
export const appliesTo = ({ applies_to: only }: Coupon, product: string | undefined): boolean =>
  only === undefined || (product !== undefined && only.products.includes(product))

/** The amount of a line after its discounts. */
export const openAmount = (line: Pick<InvoiceLine, 'amount' | 'discount_amounts'>): number =>
  (line.discount_amounts ?? []).reduce((left, { amount }) => left - amount, line.amount)
