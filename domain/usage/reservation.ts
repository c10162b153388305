import type { Counter, Refusal } from './usage.ts'

/** An amount that is set aside until it is settled or released, or its time is over. */
export type Reservation = {
  readonly id: string
  readonly amount: number
  readonly state: 'held' | 'settled' | 'released' | 'expired'
  readonly settledAmount: number | null
  readonly expiresAt: Date
}

export type HoldRequest = {
  readonly userId: string
  readonly feature: string
  readonly amount: number
  /** The caller's idempotency key; the id is derived from it. */
  readonly key: string
  readonly id: string
  readonly expiresAt: Date
}

export type HoldOutcome =
  | { readonly kind: 'held'; readonly reservation: Reservation; readonly counter: Counter }
  | { readonly kind: 'refused'; readonly reason: Refusal; readonly counter: Counter | null }
  /** The same key came before with another feature or amount. */
  | { readonly kind: 'key_reused' }

export type SettleOutcome =
  | { readonly kind: 'ended'; readonly reservation: Reservation; readonly counter: Counter }
  /** More than was held, and more than fits: the hold stays. */
  | {
      readonly kind: 'refused'
      readonly reason: Refusal
      readonly reservation: Reservation
      readonly counter: Counter
    }
  | { readonly kind: 'not_found' }
  /** Its time was over before. */
  | { readonly kind: 'expired' }
  /** It was ended otherwise before. */
  | { readonly kind: 'closed'; readonly reservation: Reservation }

export type ReservationRepository = {
  /** Sets an amount aside if it fits; the same key answers the same reservation, as it is now. */
  readonly hold: (request: HoldRequest, at: Date) => Promise<HoldOutcome>
  /** Counts what was used of it, in the window in which it was made; zero releases it. */
  readonly settle: (
    of: { readonly userId: string; readonly id: string; readonly amount: number },
    at: Date,
  ) => Promise<SettleOutcome>
}
