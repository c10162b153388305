import type { AddonUnits, Subscription } from '../subscription/subscription.ts'

/** The fields that Stripe owns and that can therefore differ. */
const OWNED_BY_STRIPE = {
  status: ({ status }: Subscription) => status,
  plan: ({ planVersionId }: Subscription) => planVersionId,
  quantity: ({ quantity }: Subscription) => String(quantity),
  'add-ons': ({ addons }: Subscription) => phraseOf(addons),
  discount: ({ discount }: Subscription) =>
    discount && `${discount.couponId} until ${discount.endsAt?.toISOString() ?? 'further notice'}`,
  period: ({ period }: Subscription) =>
    period && `${period.start.toISOString()} to ${period.end.toISOString()}`,
  'trial end': ({ trialEnd }: Subscription) => trialEnd?.toISOString() ?? null,
  'cancellation at': ({ cancelAt }: Subscription) => cancelAt?.toISOString() ?? null,
  'bank payment': ({ paymentProcessing }: Subscription) => paymentProcessing,
  'collection pause': ({ collectionPause: pause }: Subscription) =>
    pause && `${pause.behavior} until ${pause.resumesAt?.toISOString() ?? 'further notice'}`,
  'pending change': ({ pendingChange }: Subscription) =>
    pendingChange &&
    `${pendingChange.kind} ${pendingChange.quantity} × ${[pendingChange.planVersionId, phraseOf(pendingChange.addons)].filter(Boolean).join(' with ')} ${pendingChange.at.toISOString()}`,
} as const

/** In the order of their versions, because Stripe's order means nothing. */
const phraseOf = (addons: readonly AddonUnits[]): string | null =>
  addons.length === 0
    ? null
    : addons
        .map(({ planVersionId, quantity }) => `${quantity} × ${planVersionId}`)
        .toSorted()
        .join(' and ')

/** Describes how `there`, the subscription after applying Stripe's snapshot, differs from `here`; null if equal. */
export function differenceBetween(here: Subscription, there: Subscription): string | null {
  const differences = Object.entries(OWNED_BY_STRIPE)
    .map(([name, show]) => ({ name, here: show(here), there: show(there) }))
    .filter((each) => each.here !== each.there)
  if (differences.length === 0) return null
  return differences
    .map((each) => `${each.name}: here ${each.here ?? 'none'}, at Stripe ${each.there ?? 'none'}`)
    .join('; ')
}

const CAUSE_PREFIX = 'reconciliation/'

/** How a repair stands among the events that caused a reading of Stripe. @param by the run, or the operator. */
export const causeOfReconciliation = (by: string): string => `${CAUSE_PREFIX}${by}`

/** Whether a repair, and no event of Stripe's, caused a reading of Stripe. */
export const isCauseOfReconciliation = (cause: string): boolean => cause.startsWith(CAUSE_PREFIX)

/** In this order: what Stripe lists, what only we have, customers, our open invoices, Stripe's open invoices. */
export const PHASES = ['stripe', 'here', 'customers', 'bills', 'bills_at_stripe'] as const
/** After a restore also: which workflows have no row. */
const PHASES_OF_RECOVERY = [
  'stripe',
  'here',
  'workflows',
  'customers',
  'bills',
  'bills_at_stripe',
] as const
/** The parts of a comparison, in their order. */
export type Phase = (typeof PHASES_OF_RECOVERY)[number]

/** `import` looks only for subscriptions that are not known here yet. */
export const SCOPES = ['all', 'import'] as const
/**
 * How much is compared. `recover` is for after a restore of Postgres or Temporal: it also restores what Stripe knows to be sold
 * here, mirrors all invoices, and has each workflow read its row and Stripe again.
 */
export type Scope = (typeof SCOPES)[number] | 'recover'

/** The phases of a comparison with this scope. */
export const phasesOf = (scope: Scope): readonly Phase[] =>
  ({ all: PHASES, import: ['stripe'] as const, recover: PHASES_OF_RECOVERY })[scope]

/** The default limit of repairs in one run. Nothing that moves money is ever repaired automatically. */
export const REPAIRS_MAX = 100

/** One full comparison and its result. */
export type ReconciliationRun = {
  readonly id: string
  /** The schedule, an operator, or missed events. */
  readonly cause: string
  /** Reports differences and repairs nothing. */
  readonly dryRun: boolean
  readonly startedAt: Date
  readonly finishedAt: Date | null
  readonly listed: number
  readonly found: number
  readonly repaired: number
  readonly detail: string | null
}

/** Comparisons, and what each has seen so far. */
export type ReconciliationRepository = {
  /** Idempotent. */
  readonly begin: (
    run: Pick<ReconciliationRun, 'id' | 'cause' | 'dryRun' | 'startedAt'>,
  ) => Promise<void>
  readonly finish: (
    run: Pick<ReconciliationRun, 'id' | 'listed' | 'found' | 'repaired' | 'detail'>,
    at: Date,
  ) => Promise<void>
  readonly find: (id: string) => Promise<ReconciliationRun | undefined>
  readonly list: (limit: number) => Promise<ReconciliationRun[]>
  /** Records which Stripe subscriptions the run has seen. */
  readonly see: (runId: string, stripeIds: readonly string[]) => Promise<void>
  /**
   * Our live subscriptions by id; `after` is the last id of the page before. `isSeen` says whether the run saw them at
   * Stripe; it is null for those that Stripe does not need to know.
   */
  readonly listLive: (
    runId: string,
    page: { readonly limit: number; readonly after: string | null },
  ) => Promise<{ readonly subscription: Subscription; readonly isSeen: boolean | null }[]>
  /** Ids of our open invoices in order; `after` is the last id of the page before. */
  readonly listOpenInvoices: (page: {
    readonly limit: number
    readonly after: string | null
  }) => Promise<string[]>
}
