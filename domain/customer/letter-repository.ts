import type { Letter, LetterKind } from './letter.ts'
import type { LetterContent } from './letter-content.ts'
import type { SubscriptionId } from '../ids.ts'

/** A letter with its address and its attempts so far. */
export type StoredLetter = {
  readonly key: string
  readonly kind: LetterKind
  readonly content: LetterContent
  readonly userId: string
  readonly email: string | null
  readonly locale: string
  readonly attempts: number
}

/** Letters that wait to be sent, and their outcomes. */
export type LetterRepository = {
  /** Claims up to `limit` due letters for `leaseMs` milliseconds, of one subscription or of all. */
  readonly claimDue: (
    at: Date,
    limit: number,
    leaseMs: number,
    subscriptionId?: SubscriptionId,
  ) => Promise<StoredLetter[]>
  /** Adds letters of a subscription that are due at once. A letter whose key exists already is left as it is. */
  readonly write: (
    subscriptionId: SubscriptionId,
    letters: readonly Letter[],
    at: Date,
  ) => Promise<void>
  readonly markSent: (key: string, at: Date) => Promise<void>
  readonly skip: (key: string, reason: string) => Promise<void>
  readonly postpone: (key: string, error: string, until: Date) => Promise<void>
  readonly giveUp: (key: string, error: string) => Promise<void>
}
