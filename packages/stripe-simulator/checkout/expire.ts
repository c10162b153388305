import type { CheckoutSession } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { emit } from '../webhooks/emit.ts'

export function expireSession(step: Step, session: CheckoutSession): CheckoutSession {
  const expired = step.put('checkoutSessions', { ...session, status: 'expired', url: null })
  emit(step, 'checkout.session.expired', expired)
  return expired
}
