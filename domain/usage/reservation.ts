import type { Counter, Refusal } from './usage.ts'

/**
 * How a reservation is settled above what is left. `overflow` counts it, because the work is done, and marks the part beyond
 * the limit as overage. `strict` refuses it.
 */
export const SETTLE_POLICIES = ['strict', 'overflow'] as const
export type SettlePolicy = (typeof SETTLE_POLICIES)[number]

/** An amount set aside until it is settled or released, or expires. */
export type Reservation = {
  readonly id: string
  readonly amount: number
  readonly state: 'held' | 'settled' | 'released' | 'expired'
  readonly settledAmount: number | null
  readonly expiresAt: Date
}

/** An amount to set aside, under a key of the customer. */
export type HoldRequest = {
  readonly userId: string
  readonly feature: string
  readonly amount: number
  /** The caller's idempotency key, from which the id is derived. */
  readonly key: string
  readonly id: string
  readonly expiresAt: Date
}

/** The answer to a reservation. */
export type HoldOutcome =
  | { readonly kind: 'held'; readonly reservation: Reservation; readonly counter: Counter }
  | { readonly kind: 'refused'; readonly reason: Refusal; readonly counter: Counter | null }
  /** The key was used before with another feature or amount. */
  | { readonly kind: 'key_reused' }

/** The answer to a settlement or a release. A repeat gets the first answer. */
export type SettleOutcome =
  | {
      readonly kind: 'ended'
      readonly reservation: Reservation
      readonly counter: Counter
      /** The part of the settled amount beyond the limit and all grants. */
      readonly overage: number
    }
  /** Under `strict` the amount exceeds the reservation and what remains. The reservation stays. */
  | {
      readonly kind: 'refused'
      readonly reason: Refusal
      readonly reservation: Reservation
      readonly counter: Counter
    }
  | { readonly kind: 'not_found' }
  | { readonly kind: 'expired' }
  /** It was already settled with another amount, or released. */
  | { readonly kind: 'closed'; readonly reservation: Reservation }

/** Reservations. */
export type ReservationRepository = {
  /** Sets an amount aside if it is available. The same key returns the same reservation as it is now. */
  readonly hold: (request: HoldRequest, at: Date) => Promise<HoldOutcome>
  /** Counts the used amount in the window of the reservation. Zero releases it. */
  readonly settle: (
    of: { readonly userId: string; readonly id: string; readonly amount: number },
    at: Date,
  ) => Promise<SettleOutcome>
}
