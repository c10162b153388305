import { claimed } from '../billing/discounts.ts'
import { Refusal } from '../http/refusal.ts'
import type { CheckoutSession } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { dueNow } from './due-now.ts'

/** Applies a code on the page: it reduces the price, or it is invalid. */
export function applyPromotionCode(step: Step, session: CheckoutSession, code: string): boolean {
  const intent = step.find('checkoutIntents', session.id)
  if (intent === undefined || session.status !== 'open' || session.allow_promotion_codes !== true) {
    return false
  }
  for (const { id } of step.rows('promotionCodes', { index: 'code', key: code.toLowerCase() })) {
    const order = { amount: session.amount_subtotal ?? 0, currency: session.currency ?? '' }
    const found = tryClaim(step, id, { customer: session.customer, subtotal: order })
    if (found === undefined) continue
    const discount = { coupon: found.coupon.id, promotionCode: id }
    const { subtotal, total } = dueNow(step, step.put('checkoutIntents', { ...intent, discount }))
    step.put('checkoutSessions', {
      ...session,
      amount_total: total,
      total_details: { amount_discount: subtotal - total, amount_shipping: 0, amount_tax: 0 },
    })
    return true
  }
  return false
}

type Buyer = {
  readonly customer: string | null
  readonly subtotal: { readonly amount: number; readonly currency: string }
}

function tryClaim(step: Step, id: string, buyer: Buyer) {
  try {
    return claimed(step, { promotion_code: id }, { at: 'promotion_code', ...buyer })
  } catch (error) {
    // The page reports a fully redeemed code as nonexistent.
    if (error instanceof Refusal) return undefined
    throw error
  }
}
