import type { Invoice } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import type { Debit } from '../store/tables.ts'
import { emit } from '../webhooks/emit.ts'
import { collect } from './collection.ts'

/**
 * The bank's answer to a payment that took days. A checkout that was waiting for it announces the result.
 *
 * @see https://docs.stripe.com/payments/checkout/fulfill-orders#delayed-notification
 */
export function answerDebit(step: Step, debit: Debit): void {
  step.erase('debits', debit.id)
  const invoice = step.find('invoices', debit.invoice)
  const charge = step.find('charges', debit.charge)
  if (invoice?.status !== 'open' || charge === undefined) return
  const method = step.find('paymentMethods', debit.method)
  const { succeeds } = debit
  collect(step, invoice, { method, answer: { charge, succeeds } })
  completeSession(step, invoice, succeeds)
}

function completeSession(step: Step, { id, parent }: Invoice, succeeds: boolean): void {
  const key = parent?.subscription_details?.subscription ?? ''
  for (const session of step.rows('checkoutSessions', { index: 'subscription', key })) {
    if (session.invoice !== id || session.payment_status !== 'unpaid') continue
    const answered = step.put('checkoutSessions', {
      ...session,
      payment_status: succeeds ? 'paid' : 'unpaid',
    })
    const type = succeeds ? 'async_payment_succeeded' : 'async_payment_failed'
    emit(step, `checkout.session.${type}`, answered)
  }
}
