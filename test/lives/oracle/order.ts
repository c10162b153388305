import type { Agreement, Between, Customer } from './customer.ts'
import type { Verdict } from './verdict.ts'

/** A command, as a customer's agreement gets it. */
export type Order = {
  readonly customer: Customer
  readonly agreement: Agreement
  readonly at: Between
}

export const DONE: Verdict = { code: null }
export const NOT_ALLOWED: Verdict = { code: 'move_not_allowed' }
export const NOTHING: Verdict = { code: 'nothing_to_withdraw' }

export const isOneOf = ({ status }: Agreement, ...allowed: Agreement['status'][]) =>
  allowed.includes(status)

/** A newer command replaces a pending change. */
export function dropPending({ agreement }: Order): void {
  const { pending } = agreement
  if (pending?.invoice) pending.invoice.status = 'void'
  agreement.pending = null
}
