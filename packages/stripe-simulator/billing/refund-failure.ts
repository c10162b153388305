import { invalid, missing } from '../http/refusal.ts'
import type { Refund } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { emit } from '../webhooks/emit.ts'

/** The customer's bank rejects the refund: the money returns to the merchant. */
export function failRefund(step: Step, id: string): Refund {
  const refund = step.find('refunds', id)
  if (refund === undefined) throw missing('refund', id, 'refund', 'path')
  if (refund.status === 'failed') throw invalid(`Refund ${id} has failed already.`)
  const charge = step.find('charges', typeof refund.charge === 'string' ? refund.charge : '')
  if (charge !== undefined)
    step.put('charges', {
      ...charge,
      amount_refunded: charge.amount_refunded - refund.amount,
      refunded: false,
    })
  const failed = step.put('refunds', {
    ...refund,
    status: 'failed',
    failure_reason: 'lost_or_stolen_card',
  })
  emit(step, 'refund.updated', failed, { status: refund.status })
  emit(step, 'refund.failed', failed)
  if (charge !== undefined) emit(step, 'charge.refund.updated', failed)
  return failed
}
