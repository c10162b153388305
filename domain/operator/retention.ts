/** How long what nobody needs any more is kept. */
export type RetentionPolicy = {
  /** Months of the ledger; null keeps all. */
  readonly usageMonths: number | null
  /** Answers that a repeated request is given. */
  readonly idempotencyDays: number
  /** Bodies of Stripe's events, which hold what Stripe knows of customers; their ids stay. */
  readonly payloadDays: number
  /** Stripe's events that are done: longer than Stripe may send them again. What is parked stays. */
  readonly eventDays: number
  /** Events of webhooks with their deliveries; what still waits to be sent stays. */
  readonly webhookDays: number
}

export type RetentionRepository = {
  /**
   * Makes the partitions of the coming months and lets go of what is too old; undefined when another process is at it.
   * Running it twice finds nothing left.
   */
  readonly tidy: (
    policy: RetentionPolicy,
    at: Date,
  ) => Promise<
    | {
        readonly partitions: readonly string[]
        readonly idempotencyKeys: number
        readonly payloads: number
        readonly stripeEvents: number
        readonly webhookEvents: number
      }
    | undefined
  >
}
