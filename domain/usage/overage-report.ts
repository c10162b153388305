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

/** A counter whose overage is reported to a meter, with the subscription that pays for it. */
export type MeteredCounter = {
  readonly stripeCustomerId: string
  readonly counterId: string
  readonly featureId: string
  readonly code: string
  readonly eventName: string
  readonly subscriptionId: string
  readonly planVersionId: string
  readonly anchor: Date
  readonly periodStart: Date
  /** From when on the next invoice charges usage: the start of the period, or the latest change of plan in it. */
  readonly opensAt: Date
  readonly endedAt: Date | null
}

/** A part of a counter's time: `[from, until)`. */
export type MeteredSpan = Pick<MeteredCounter, 'counterId' | 'featureId'> & {
  readonly from: Date
  readonly until: Date
}

/** The units that were reported to a meter in a span. */
export type ReportedUsage = {
  readonly reported: number
  /** Of reports that were given up after they had been sent: the meter may have them. */
  readonly unconfirmed: number
  /** Whether no report of the span waits, or was sent a short time ago. */
  readonly isSettled: boolean
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
  /** The counters of these customers at Stripe with reports since an instant, or in their open period. */
  readonly listCounters: (customers: readonly string[], since: Date) => Promise<MeteredCounter[]>
  /** @param sentBefore reports sent later than this are not settled */
  readonly sum: (span: MeteredSpan, sentBefore: Date) => Promise<ReportedUsage>
  /**
   * Reports again what a meter has lost of the `reported` units of a span. Idempotent: does nothing if the span has another sum by
   * now. @returns whether it did.
   */
  readonly reportAgain: (
    span: MeteredSpan,
    lost: { readonly reported: number; readonly missing: number },
    at: Date,
  ) => Promise<boolean>
}
