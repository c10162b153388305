import type { Reply } from '../support/call.ts'

/** Sorts invoices as the API does; within one second by number, because Stripe's timestamps have no fractions. */
export const newestFirst = (invoices: readonly Reply['body'][]): Reply['body'][] =>
  invoices.toSorted(
    (a, b) => b.created_at.localeCompare(a.created_at) || b.number.localeCompare(a.number),
  )
