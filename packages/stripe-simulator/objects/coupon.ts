import { newId } from '../store/ids.ts'
import type { Coupon, Discount, PromotionCode } from '../store/stored.ts'

/**
 * A coupon that nobody has redeemed, without a limit or an end.
 * @see https://docs.stripe.com/billing/subscriptions/coupons
 */
export function newCoupon(
  given: Partial<Coupon> & Pick<Coupon, 'id' | 'created' | 'duration'>,
): Coupon {
  return {
    object: 'coupon',
    amount_off: null,
    currency: null,
    duration_in_months: null,
    livemode: false,
    max_redemptions: null,
    metadata: {},
    name: null,
    percent_off: null,
    redeem_by: null,
    times_redeemed: 0,
    valid: true,
    ...given,
  }
}

/** An active code for a coupon, for any customer. @see https://docs.stripe.com/billing/subscriptions/coupons */
export function newPromotionCode(
  given: Partial<PromotionCode> & Pick<PromotionCode, 'code' | 'created' | 'promotion'>,
): PromotionCode {
  return {
    id: newId('promo'),
    object: 'promotion_code',
    active: true,
    customer: null,
    customer_account: null,
    expires_at: null,
    livemode: false,
    max_redemptions: null,
    metadata: {},
    restrictions: {
      first_time_transaction: false,
      minimum_amount: null,
      minimum_amount_currency: null,
    },
    times_redeemed: 0,
    ...given,
  }
}

type Redemption = {
  readonly coupon: string
  readonly promotionCode: string | null
  readonly customer: string
  readonly subscription: string | null
  readonly checkoutSession: string | null
  readonly start: number
  readonly end: number | null
}

/** The redemption of a coupon by a customer; `end` is null if it never ends. */
export function newDiscount(given: Redemption): Discount {
  return {
    id: newId('di'),
    object: 'discount',
    checkout_session: given.checkoutSession,
    customer: given.customer,
    customer_account: null,
    end: given.end,
    invoice: null,
    invoice_item: null,
    promotion_code: given.promotionCode,
    source: { coupon: given.coupon, type: 'coupon' },
    start: given.start,
    subscription: given.subscription,
    subscription_item: null,
  }
}
