import { missing } from '../http/refusal.ts'
import type { Customer, DeletedCustomer } from '../store/stored.ts'
import type { Step } from '../store/store.ts'

/** Whether only the id of the customer is left. */
export const isDeleted = (row: Customer | DeletedCustomer): row is DeletedCustomer =>
  row.deleted === true

/** The customer that a parameter names; a deleted one counts as missing. */
export function customerOf(
  step: Step,
  id: string,
  place: { readonly param: string; readonly place: 'path' | 'param' } = {
    param: 'customer',
    place: 'param',
  },
): Customer {
  const row = step.find('customers', id)
  if (row === undefined || isDeleted(row)) throw missing('customer', id, place.param, place.place)
  return row
}
