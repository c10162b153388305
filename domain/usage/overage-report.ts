/** A part of a window's overage, as it is reported to Stripe's meter. `meterEventIdentifier` derives its identifier. */
export type OverageReport = {
  readonly subscriptionId: string
  readonly featureId: string
  readonly windowStart: Date
  /** Counts the reports of the window. */
  readonly sequence: number
  /** Negative if overage was released. */
  readonly amount: number
  readonly occurredAt: Date
  readonly eventName: string
  /** If null, the report waits until the customer exists at Stripe. */
  readonly stripeCustomerId: string | null
  readonly attempts: number
  /** When it was first sent; null if never. */
  readonly firstAttemptAt: Date | null
}

/** Usage beyond the limit that is to be reported to Stripe’s meters. */
export type OverageReportRepository = {
  /** Creates the due reports. Idempotent. @returns how many. */
  readonly cut: (at: Date, limit: number) => Promise<number>
  /** Claims due reports for `leaseMs` milliseconds. Counts the attempt before it is made. */
  readonly claimDue: (at: Date, limit: number, leaseMs: number) => Promise<OverageReport[]>
  /** As `cut`, of one user. */
  readonly cutOfUser: (userId: string, at: Date, limit: number) => Promise<number>
  /** As `claimDue`, of one user, and also reports that are to be repeated later. */
  readonly claimOfUser: (
    userId: string,
    at: Date,
    limit: number,
    leaseMs: number,
  ) => Promise<OverageReport[]>
  /** The billed units of each feature, by its id, that a subscription's open period has since its start or its latest change of plan. */
  readonly billedIn: (
    subscriptionId: string,
    period: { readonly start: Date; readonly end: Date },
  ) => Promise<ReadonlyMap<string, number>>
  readonly markReported: (report: OverageReport, at: Date) => Promise<void>
  readonly postpone: (report: OverageReport, error: string, until: Date) => Promise<void>
  /** Stops retrying; an operator has to decide. */
  readonly giveUp: (report: OverageReport, error: string) => Promise<void>
}
