/** Whether a request to Stripe may be sent after a wait (`go`), or should ask again after one (`later`). Milliseconds. */
export type PaceReply =
  | { readonly kind: 'go'; readonly afterMs: number }
  | { readonly kind: 'later'; readonly afterMs: number }

/** The rate limit for requests to Stripe, all in milliseconds. */
export type PaceTerms = {
  /** Interval between two requests. */
  readonly intervalMs: number
  /** After a pause, a burst may run ahead of the interval by this much. */
  readonly leadMs: number
  /** A request that would wait longer gets `later`. */
  readonly waitMaxMs: number
  /** A stored instant further in the future than this is ignored: the clock was set back. */
  readonly aheadMaxMs: number
}

/** The rate limit shared by all processes. It uses the database's clock. */
export type StripePaceRepository = {
  /** Asks for one request. */
  readonly ask: (terms: PaceTerms) => Promise<PaceReply>
  /** Stops all requests for `forMs` milliseconds, after Stripe answered 429. @see https://docs.stripe.com/rate-limits */
  readonly hold: (forMs: number, terms: PaceTerms) => Promise<void>
}
