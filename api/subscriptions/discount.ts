import type { CheckoutDiscount } from '../../adapters/stripe/commands/checkout.ts'
import type { StripeGateway } from '../../adapters/stripe/commands/gateway.ts'
import { isFree, type PlanVersion } from '../../domain/catalogue/plan.ts'

type WorkflowReply = {
  readonly promotion_code?: string | undefined
  readonly coupon?: string | undefined
  readonly allow_promotion_codes: boolean
  readonly quantity: number
}

type Found =
  | { readonly kind: 'found'; readonly discount: CheckoutDiscount | null }
  | {
      readonly kind: 'wrong'
      readonly problem: { readonly field: string; readonly detail: string }
    }

/** What a checkout takes off, as Stripe names it, or the field that is wrong. */
export async function discountFor(
  stripe: Pick<StripeGateway, 'findDiscount'>,
  asked: WorkflowReply,
  plan: PlanVersion,
): Promise<Found> {
  const { promotion_code: promotionCode, coupon, allow_promotion_codes: allows } = asked
  const given = [
    ...(promotionCode === undefined ? [] : ['promotion_code']),
    ...(coupon === undefined ? [] : ['coupon']),
    ...(allows ? ['allow_promotion_codes'] : []),
  ]
  const [field] = given
  if (isFree(plan) && asked.quantity > 1)
    return wrong('quantity', 'a free plan is had once: leave it out')
  if (field === undefined) return { kind: 'found', discount: null }
  if (isFree(plan)) return wrong(field, 'nothing is paid for a free plan: leave it out')
  if (given.length > 1) return wrong(field, `give one of ${given.join(', ')}`)
  if (allows) return { kind: 'found', discount: { typed: true } }
  const discount = await stripe.findDiscount(
    promotionCode === undefined ? { coupon: coupon ?? '' } : { promotionCode },
  )
  return discount === undefined
    ? wrong(field, 'there is none at Stripe, or it is not valid any more')
    : { kind: 'found', discount }
}

const wrong = (field: string, detail: string): Found => ({
  kind: 'wrong',
  problem: { field, detail },
})
