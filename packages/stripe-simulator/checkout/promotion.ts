import { claimed } from '../billing/discounts.ts'
import { Refusal } from '../http/refusal.ts'
import type { CheckoutSession } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { dueNow } from './due-now.ts'

/** Enters a code on the page: the session costs less, or the code is not valid. */
export function applyPromotionCode(step: Step, session: CheckoutSession, code: string): boolean {
  const intent = step.find('checkoutIntents', session.id)
  if (intent === undefined || session.status !== 'open' || session.allow_promotion_codes !== true) {
    return false
  }
  for (const { id } of step.rows('promotionCodes', { index: 'code', key: code.toLowerCase() })) {
    const found = tryClaim(step, id)
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

function tryClaim(step: Step, id: string) {
  try {
    return claimed(step, { promotion_code: id }, 'promotion_code')
  } catch (error) {
    // A code that is used up is, to the person at the page, one that does not exist.
    if (error instanceof Refusal) return undefined
    throw error
  }
}
