/** Whether a request to Stripe may be sent after a wait (`go`), or should ask again after one (`later`). Milliseconds. */
export type PaceReply =
  | { readonly kind: 'go'; readonly afterMs: number }
  | { readonly kind: 'later'; readonly afterMs: number }

/**
 * The classes of requests to Stripe. `caller`: a person or an application waits for the answer. `event`: an event of Stripe or a
 * timer starts the work. `background`: no one waits (comparisons, polling, the catalogue, overage).
 */
export const PACE_CLASSES = ['caller', 'event', 'background'] as const
export type PaceClass = (typeof PACE_CLASSES)[number]

/**
 * The limits of each class. `reserveMaxMs`: it reserves slots no further ahead, in milliseconds, so a caller waits no longer for
 * it. `share`: at least this part of all slots is its own, however many callers wait; null for callers, which come first.
 */
export const CLASS_LIMITS = {
  caller: { reserveMaxMs: 3_000, share: null },
  event: { reserveMaxMs: 500, share: 1 / 4 },
  background: { reserveMaxMs: 200, share: 1 / 10 },
} as const satisfies Record<
  PaceClass,
  { readonly reserveMaxMs: number; readonly share: number | null }
>

/** How long a class waits for its own slot at most; null for callers. Milliseconds. */
export const turnMsOf = (paceClass: PaceClass, intervalMs: number): number | null => {
  const { share } = CLASS_LIMITS[paceClass]
  return share === null ? null : intervalMs / share
}

/** The rate limit for requests to Stripe, all in milliseconds. */
export type PaceTerms = {
  /** Interval between two requests. */
  readonly intervalMs: number
  /** After a pause, a burst may run ahead of the interval by this much. */
  readonly leadMs: number
  /** A caller’s request that would wait longer gets `later`. */
  readonly waitMaxMs: number
  /** A stored instant further in the future than this is ignored: the clock was set back. */
  readonly aheadMaxMs: number
}

/** The rate limit shared by all processes. It uses the database's clock. */
export type StripePaceRepository = {
  /** Asks for one request of a class. */
  readonly ask: (terms: PaceTerms, paceClass: PaceClass) => Promise<PaceReply>
  /** Stops all requests for `forMs` milliseconds, after Stripe answered 429. @see https://docs.stripe.com/rate-limits */
  readonly hold: (forMs: number, terms: PaceTerms) => Promise<void>
}
