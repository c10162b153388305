import type { CheckoutSession } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { emit } from '../webhooks/emit.ts'

/** Ends an open session without a payment: its page can no longer be paid. Announces it. */
export function expireSession(step: Step, session: CheckoutSession): CheckoutSession {
  const expired = step.put('checkoutSessions', { ...session, status: 'expired', url: null })
  emit(step, 'checkout.session.expired', expired)
  return expired
}
