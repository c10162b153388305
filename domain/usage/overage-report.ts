/** A part of a window's billed overage, as Stripe's meter is told of it. Its identifier is made of what it is. */
export type OverageReport = {
  readonly subscriptionId: string
  readonly featureId: string
  readonly windowStart: Date
  /** Counts the reports of the window. */
  readonly sequence: number
  /** Negative where overage was given back. */
  readonly amount: number
  readonly occurredAt: Date
  readonly eventName: string
  /** Null until the customer is known at Stripe: it waits. */
  readonly stripeCustomerId: string | null
  readonly attempts: number
  /** When it was first sent; null if it never was. */
  readonly firstAttemptAt: Date | null
}

export type OverageReportRepository = {
  /** Makes reports of what is due, and answers how many. Running it twice makes none the second time. */
  readonly cut: (at: Date, limit: number) => Promise<number>
  /** Takes reports that are to be sent, each for `leaseMs` to the caller alone. The attempt is counted before it is made. */
  readonly claimDue: (at: Date, limit: number, leaseMs: number) => Promise<OverageReport[]>
  readonly markReported: (report: OverageReport, at: Date) => Promise<void>
  readonly postpone: (report: OverageReport, error: string, until: Date) => Promise<void>
  /** For an operator: nobody sends it again by itself. */
  readonly giveUp: (report: OverageReport, error: string) => Promise<void>
}
