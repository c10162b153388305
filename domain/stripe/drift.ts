/** The kinds of differences between our data and Stripe's. They are stored, so their names stay. */
export const DRIFT_KINDS = [
  'differs',
  'bill_differs',
  'customer_differs',
  'unnamed_at_stripe',
  'gone_at_stripe',
  'over_here_live_there',
  'missing_here',
  'no_workflow',
  'no_row',
  'unknown_customer',
  'unknown_price',
  'price_differs',
  'plan_unclear',
  'foreign_item',
  'foreign_subscription',
  'second_subscription',
  'second_customer',
  'extra_refunded',
  'plan_differs',
  'collection_paused',
  'tax_not_calculated',
  'usage_not_billed',
  'usage_item_missing',
  'meter_too_low',
  'meter_too_high',
] as const
export type DriftKind = (typeof DRIFT_KINDS)[number]

/**
 * How a difference is repaired. `adopt`: apply Stripe's snapshot. `import`: import it from Stripe. `push`: write our data to Stripe.
 * `operator`: an operator decides, always where money would move.
 */
export const REMEDY_WORDS = ['adopt', 'import', 'push', 'operator'] as const
export type Remedy = (typeof REMEDY_WORDS)[number]

/** The remedy of each kind; everything but `operator` is automatic. */
export const REMEDIES = {
  differs: 'adopt',
  bill_differs: 'adopt',
  customer_differs: 'adopt',
  no_workflow: 'adopt',
  missing_here: 'import',
  unnamed_at_stripe: 'push',
  // Stripe keeps canceled subscriptions. An unknown one belongs to another account or mode, so our key may be wrong.
  gone_at_stripe: 'operator',
  no_row: 'operator',
  over_here_live_there: 'operator',
  unknown_customer: 'operator',
  unknown_price: 'operator',
  price_differs: 'operator',
  plan_unclear: 'operator',
  foreign_item: 'operator',
  foreign_subscription: 'operator',
  second_subscription: 'operator',
  second_customer: 'operator',
  extra_refunded: 'operator',
  plan_differs: 'operator',
  // Free months may be deliberate: the operator dismisses the finding, or resumes collection at Stripe.
  collection_paused: 'operator',
  // Invoices are untaxed until the customer's address is known: the operator corrects it and turns automatic tax on again.
  tax_not_calculated: 'operator',
  usage_not_billed: 'operator',
  usage_item_missing: 'push',
  meter_too_low: 'push',
  meter_too_high: 'operator',
} as const satisfies Record<DriftKind, Remedy>

/** A difference between Perennial and Stripe. */
export type Drift = {
  readonly kind: DriftKind
  readonly subscriptionId: string | null
  readonly stripeId: string | null
  /** For operators. */
  readonly detail: string
}

/** `repaired` by us, `resolved` without our action, `dismissed` by an operator. */
export const DRIFT_STATES = ['open', 'repaired', 'resolved', 'dismissed'] as const
export type DriftState = (typeof DRIFT_STATES)[number]

/** A stored difference, with the instants at which it was seen and ended. */
export type DriftFinding = Drift & {
  readonly key: string
  readonly remedy: Remedy
  readonly state: DriftState
  readonly foundAt: Date
  readonly seenAt: Date
  readonly closedAt: Date | null
  readonly closedBy: string | null
}

/** The same difference has the same key each time it is found. */
export const driftKey = ({ kind, subscriptionId, stripeId }: Drift): string =>
  `${kind}/${stripeId ?? subscriptionId ?? 'all'}`

/** Differences that were found. */
export type DriftRepository = {
  /** Records a difference. Reopens a closed finding unless an operator dismissed this same difference. */
  readonly note: (drift: Drift, at: Date) => Promise<void>
  /** Closes open findings. Idempotent. */
  readonly close: (
    keys: readonly string[],
    how: { readonly state: 'repaired' | 'dismissed'; readonly by: string },
    at: Date,
  ) => Promise<DriftFinding[]>
  /** Resolves all open findings about an object at Stripe. */
  readonly settle: (stripeId: string, at: Date) => Promise<void>
  /** Resolves findings that a full comparison since `since` did not find again. @returns how many. */
  readonly closeUnseen: (since: Date, by: string, at: Date) => Promise<number>
  /** Counts open findings by kind. */
  readonly count: () => Promise<{ readonly kind: DriftKind; readonly open: number }[]>
  readonly find: (key: string) => Promise<DriftFinding | undefined>
  /** Latest seen first; `after` is the last key of the page before. */
  readonly list: (
    filter: {
      readonly state?: DriftState | undefined
      readonly kind?: DriftKind | undefined
      readonly subscriptionId?: string | undefined
    },
    page: { readonly limit: number; readonly after?: string | undefined },
  ) => Promise<DriftFinding[]>
}
