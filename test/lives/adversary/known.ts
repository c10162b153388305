import type { Sequence } from './call.ts'
import { PLANS } from './price-list.ts'

/** A way to get something for nothing. */
export type Hole = {
  readonly what: string
  /** Whether a sequence that got something for nothing can have used this hole. */
  readonly isIn: (sequence: Sequence) => boolean
}

const has =
  (kind: Sequence[number]['kind']) =>
  (sequence: Sequence): boolean =>
    sequence.some((each) => each.kind === kind)
const hasKey = (wanted: 'money_back' | 'offer_end') => (sequence: Sequence) =>
  sequence.some((each) => each.kind === 'cancel' && each.key === wanted)
const buys = (sequence: Sequence, isMeant: (plan: keyof typeof PLANS) => boolean) =>
  sequence.filter((each) => each.kind === 'buy').filter(({ plan }) => isMeant(plan))
const trials = (sequence: Sequence) => buys(sequence, (plan) => PLANS[plan].trialDays > 0)

/** The most specific ones first. */
const HOLES = {
  'a-name-of-ours': {
    what: 'an idempotency key that is the name of an internal command',
    isIn: (sequence) =>
      (hasKey('money_back')(sequence) && has('dispute')(sequence)) ||
      (hasKey('offer_end')(sequence) && has('offer')(sequence)),
  },
  'offer-for-good': {
    what: 'a cancellation in years keeps an offer’s price for good',
    isIn: has('offer'),
  },
  'trial-of-each-account': {
    what: 'another account of the same person has another trial',
    isIn: (sequence) => new Set(trials(sequence).map(({ by }) => by)).size > 1,
  },
  'trial-of-a-dear-plan': {
    what: 'a trial continues after a change to a plan without one, or grows',
    isIn: (sequence) => trials(sequence).length > 0 && has('change')(sequence),
  },
  'credit-of-a-pause': {
    what: 'a pause credits time whose quota was used',
    isIn: has('pause'),
  },
  'free-again': {
    what: 'each new free subscription has a new quota',
    isIn: (sequence) => buys(sequence, (plan) => PLANS[plan].price === 0).length > 1,
  },
  'credit-of-a-downgrade': {
    what: 'a downgrade now credits time whose quota was used',
    isIn: has('change'),
  },
} as const satisfies Record<string, Hole>

/** The holes that are open: none. A repair removes its name; `saved/` has a sequence for each. */
const OPEN: readonly (keyof typeof HOLES)[] = []

/** The name of the open hole that a sequence used; undefined means a new one. */
export const holeOf = (sequence: Sequence): string | undefined =>
  OPEN.find((name) => HOLES[name].isIn(sequence))
