/** How long old data is kept. */
export type RetentionPolicy = {
  /** Months of the usage ledger; null keeps all. */
  readonly usageMonths: number | null
  /** Stored answers for repeated requests. */
  readonly idempotencyDays: number
  /** Payloads of Stripe's events, which contain personal data. Their ids are kept. */
  readonly payloadDays: number
  /** Stripe's events that are done. Must be longer than Stripe's retries. Parked events are kept. */
  readonly eventDays: number
  /** Webhook events and their deliveries. Pending deliveries are kept. */
  readonly webhookDays: number
  /** Stored decisions; null keeps all. */
  readonly decisionDays: number | null
}

/** Deletes what is older than its retention. */
export type RetentionRepository = {
  /**
   * Creates the partitions of the coming months and deletes old data. Idempotent.
   *
   * @returns what was created and deleted; undefined while another process does the same.
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
        readonly decisions: number
      }
    | undefined
  >
}
