/** Whether a request to Stripe may go: after a while, or not now, and then when to come back. */
export type PaceReply =
  | { readonly kind: 'go'; readonly afterMs: number }
  | { readonly kind: 'later'; readonly afterMs: number }

/** How fast Stripe may be asked. */
export type PaceTerms = {
  /** Between two requests. */
  readonly intervalMs: number
  /** By so much requests may be early after a silence, several at once. */
  readonly leadMs: number
  /** Who would wait longer is turned away. */
  readonly waitMaxMs: number
  /** A moment that is further ahead was set by a clock that has gone back since, and does not count. */
  readonly aheadMaxMs: number
}

/** The one line in which the requests of all processes stand; it goes by the database's clock. */
export type StripePaceRepository = {
  /** Asks leave for one request. */
  readonly ask: (terms: PaceTerms) => Promise<PaceReply>
  /** Nothing goes for so long, whoever asks: Stripe said so. */
  readonly hold: (forMs: number, terms: PaceTerms) => Promise<void>
}
