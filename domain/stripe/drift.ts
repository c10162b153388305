/** What can differ between here and Stripe. */
export const DRIFT_KINDS = [
  'differs',
  'bill_differs',
  'customer_differs',
  'unnamed_at_stripe',
  'gone_at_stripe',
  'over_here_live_there',
  'missing_here',
  'no_workflow',
  'unknown_customer',
  'unknown_price',
  'foreign_subscription',
  'second_subscription',
  'second_customer',
  'extra_refunded',
  'plan_differs',
] as const
export type DriftKind = (typeof DRIFT_KINDS)[number]

/**
 * Who mends it. `adopt`: Stripe owns what differs, and is read again. `import`: it begins to be known here. `push`: it is
 * ours, and is written at Stripe again. `operator`: a person decides, as always where money would move.
 */
export const REMEDY_WORDS = ['adopt', 'import', 'push', 'operator'] as const
export type Remedy = (typeof REMEDY_WORDS)[number]

/** By what is different; the one place that says what is mended without a person. */
export const REMEDIES = {
  differs: 'adopt',
  bill_differs: 'adopt',
  customer_differs: 'adopt',
  no_workflow: 'adopt',
  missing_here: 'import',
  unnamed_at_stripe: 'push',
  // Stripe keeps what is canceled for ever. What it does not know is of another account or mode: our key may be wrong.
  gone_at_stripe: 'operator',
  over_here_live_there: 'operator',
  unknown_customer: 'operator',
  unknown_price: 'operator',
  foreign_subscription: 'operator',
  second_subscription: 'operator',
  second_customer: 'operator',
  extra_refunded: 'operator',
  plan_differs: 'operator',
} as const satisfies Record<DriftKind, Remedy>

export type Drift = {
  readonly kind: DriftKind
  readonly subscriptionId: string | null
  readonly stripeId: string | null
  /** In words, for a person. */
  readonly detail: string
}

/** `repaired` by us, `resolved` by itself, `dismissed` by a person. */
export const DRIFT_STATES = ['open', 'repaired', 'resolved', 'dismissed'] as const
export type DriftState = (typeof DRIFT_STATES)[number]

export type DriftFinding = Drift & {
  readonly key: string
  readonly remedy: Remedy
  readonly state: DriftState
  readonly foundAt: Date
  readonly seenAt: Date
  readonly closedAt: Date | null
  readonly closedBy: string | null
}

/** One finding, however often it is seen. */
export const driftKey = ({ kind, subscriptionId, stripeId }: Drift): string =>
  `${kind}/${stripeId ?? subscriptionId ?? 'all'}`

export type DriftRepository = {
  /** Notes that this was seen; what was closed before is open again, unless a person dismissed just this. */
  readonly note: (drift: Drift, at: Date) => Promise<void>
  /** Closes what is open under these keys. Running it twice closes it once. */
  readonly close: (
    keys: readonly string[],
    how: { readonly state: 'repaired' | 'dismissed'; readonly by: string },
    at: Date,
  ) => Promise<DriftFinding[]>
  /** Closes whatever is open about this object at Stripe: it came right. */
  readonly settle: (stripeId: string, at: Date) => Promise<void>
  /** Closes what a comparison of everything that began at `since` did not see: it came right by itself. */
  readonly closeUnseen: (since: Date, by: string, at: Date) => Promise<number>
  /** How many are open, by kind. */
  readonly count: () => Promise<{ readonly kind: DriftKind; readonly open: number }[]>
  readonly find: (key: string) => Promise<DriftFinding | undefined>
  /** The latest seen first; `after` is the last key of the page before. */
  readonly list: (
    filter: {
      readonly state?: DriftState | undefined
      readonly kind?: DriftKind | undefined
      readonly subscriptionId?: string | undefined
    },
    page: { readonly limit: number; readonly after?: string | undefined },
  ) => Promise<DriftFinding[]>
}
