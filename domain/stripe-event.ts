/**
 * Who takes an event of Stripe's: `facts` change a subscription and go to its workflow, `bills` change the mirror of an
 * invoice. So that an activation never waits for a bill, each lane is taken up by itself.
 */
export type Lane = 'facts' | 'bills'

/** The types that tell of a bill. All others belong to the facts, where those that tell nothing are parked. */
export const BILL_PREFIXES = [
  'invoice.',
  'credit_note.',
  'refund.',
  'charge.refund',
  'charge.dispute.',
] as const

export const laneOf = (type: string): Lane =>
  BILL_PREFIXES.some((prefix) => type.startsWith(prefix)) ? 'bills' : 'facts'
