import { missing } from '../http/refusal.ts'
import { newDispute } from '../objects/refund.ts'
import type { Dispute } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { emit, revise } from '../webhooks/emit.ts'

/** The cardholder disputes a charge; the money is withdrawn until the decision. */
export function openDispute(step: Step, chargeId: string, reason: string): Dispute {
  const charge = step.find('charges', chargeId)
  if (charge === undefined) throw missing('charge', chargeId, 'charge', 'param')
  const dispute = step.put('disputes', newDispute(charge, { created: step.now, reason }))
  revise(step, 'charges', { row: charge, to: { disputed: true }, event: 'charge.updated' })
  emit(step, 'charge.dispute.created', dispute)
  emit(step, 'charge.dispute.funds_withdrawn', dispute)
  return dispute
}

/**
 * The bank decides. A won dispute returns the money, and its charge may be refunded again.
 * @throws Refusal (404) for an unknown id.
 */
export function closeDispute(step: Step, id: string, status: 'won' | 'lost'): Dispute {
  const dispute = step.find('disputes', id)
  if (dispute === undefined) throw missing('dispute', id, 'dispute', 'path')
  const closed = step.put('disputes', {
    ...dispute,
    status,
    is_charge_refundable: status === 'won',
  })
  if (status === 'won') emit(step, 'charge.dispute.funds_reinstated', closed)
  emit(step, 'charge.dispute.closed', closed, { status: dispute.status })
  return closed
}
