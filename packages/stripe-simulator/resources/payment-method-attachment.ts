import { cardByToken } from '../billing/cards.ts'
import { cardRefusal, declineOf } from '../billing/declines.ts'
import { invalid, missing } from '../http/refusal.ts'
import { newCard } from '../objects/payment-method.ts'
import type { Customer, PaymentMethod } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { emit } from '../webhooks/emit.ts'

/** Attaches a payment method to a customer. Every use of a `pm_card_…` token creates a new card. */
export function attachMethod(step: Step, id: string, customer: Customer): PaymentMethod {
  const known = step.find('paymentMethods', id) ?? fromToken(step, id)
  if (known.customer !== null && known.customer !== customer.id) {
    throw invalid(
      'The payment method you provided has already been attached to a customer.',
      'payment_method',
      'payment_method_already_attached',
    )
  }
  if (known.customer === customer.id) return known
  const attached = step.put('paymentMethods', { ...known, customer: customer.id })
  emit(step, 'payment_method.attached', attached)
  return attached
}

function fromToken(step: Step, token: string): PaymentMethod {
  const card = cardByToken(token)
  if (card === undefined || !/^(pm_card|tok)_/.test(token)) {
    throw missing('PaymentMethod', token, 'payment_method', 'param')
  }
  // A card that is declined at every use cannot be saved either.
  if (card.behaviour === 'declines' && !card.attaches)
    throw cardRefusal(declineOf(card.declineCode))
  const method = step.put('paymentMethods', newCard(card, step.now))
  step.put('cards', { id: method.id, behaviour: card.behaviour, declineCode: card.declineCode })
  return method
}

/** The customer's payment method that a parameter names. */
export function methodOf(step: Step, id: string, customer: string, param: string): PaymentMethod {
  const method = step.find('paymentMethods', id)
  if (method?.customer !== customer) throw missing('PaymentMethod', id, param, 'param')
  return method
}
