import type { Reply } from '../support/call.ts'

/** Bills as the API answers them, of one second by their numbers: Stripe's clock has nothing smaller, its numbers do. */
export const newestFirst = (bills: readonly Reply['body'][]): Reply['body'][] =>
  bills.toSorted(
    (a, b) => b.created_at.localeCompare(a.created_at) || b.number.localeCompare(a.number),
  )
