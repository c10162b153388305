import type { CheckoutDiscount } from '../../adapters/stripe/commands/checkout.ts'
import type { StripeGateway } from '../../adapters/stripe/commands/gateway.ts'
import { isFree, type PlanVersion } from '../../domain/catalogue/plan.ts'
import type { FieldError } from '../problem.ts'

type DiscountRequest = {
  readonly promotion_code?: string | undefined
  readonly coupon?: string | undefined
  readonly allow_promotion_codes: boolean
  readonly quantity: number
}

type Found =
  /** Null if the request names no discount. */
  | { readonly kind: 'found'; readonly discount: CheckoutDiscount | null }
  | { readonly kind: 'wrong'; readonly problem: FieldError }

/** Finds the discount of a checkout at Stripe, or the field of the request that is wrong. */
export async function discountFor(
  stripe: Pick<StripeGateway, 'findDiscount'>,
  request: DiscountRequest,
  plan: PlanVersion,
): Promise<Found> {
  const { promotion_code: promotionCode, coupon, allow_promotion_codes: allows } = request
  const given = [
    ...(promotionCode === undefined ? [] : ['promotion_code']),
    ...(coupon === undefined ? [] : ['coupon']),
    ...(allows ? ['allow_promotion_codes'] : []),
  ]
  const [field] = given
  if (isFree(plan) && request.quantity > 1)
    return wrong('quantity', 'must be left out: a free plan has no quantity')
  if (field === undefined) return { kind: 'found', discount: null }
  if (isFree(plan)) return wrong(field, 'must be left out: a free plan has no discount')
  if (given.length > 1) return wrong(field, `send only one of ${given.join(', ')}`)
  if (allows) return { kind: 'found', discount: { typed: true } }
  const discount = await stripe.findDiscount(
    promotionCode === undefined ? { coupon: coupon ?? '' } : { promotionCode },
  )
  return discount === undefined
    ? wrong(field, 'does not exist at Stripe or is no longer valid')
    : { kind: 'found', discount }
}

const wrong = (field: string, detail: string): Found => ({
  kind: 'wrong',
  problem: { field, detail },
})
