import type { Subscription } from '../subscription/subscription.ts'

/** What of a subscription Stripe owns, and what can therefore differ. */
const OWNED_BY_STRIPE = {
  status: ({ status }: Subscription) => status,
  plan: ({ planVersionId }: Subscription) => planVersionId,
  period: ({ period }: Subscription) =>
    period && `${period.start.toISOString()} to ${period.end.toISOString()}`,
  'trial end': ({ trialEnd }: Subscription) => trialEnd?.toISOString() ?? null,
  'cancellation at': ({ cancelAt }: Subscription) => cancelAt?.toISOString() ?? null,
  'pending change': ({ pendingChange }: Subscription) =>
    pendingChange &&
    `${pendingChange.kind} ${pendingChange.planVersionId} ${pendingChange.at.toISOString()}`,
} as const

/** In what a subscription would change if Stripe were read now, in words; null when in nothing. */
export function differenceBetween(here: Subscription, there: Subscription): string | null {
  const differences = Object.entries(OWNED_BY_STRIPE)
    .map(([name, show]) => ({ name, here: show(here), there: show(there) }))
    .filter((each) => each.here !== each.there)
  if (differences.length === 0) return null
  return differences
    .map((each) => `${each.name}: here ${each.here ?? 'none'}, at Stripe ${each.there ?? 'none'}`)
    .join('; ')
}

/** What is compared one after the other: all that Stripe lists, then what is here alone, then customers and open bills. */
export const PHASES = ['stripe', 'here', 'customers', 'bills', 'bills_at_stripe'] as const
export type Phase = (typeof PHASES)[number]

/** What is wanted of a comparison. `import` looks only for what is not known here yet. */
export const SCOPES = ['all', 'import'] as const
export type Scope = (typeof SCOPES)[number]

export const phasesOf = (scope: Scope): readonly Phase[] =>
  scope === 'import' ? ['stripe'] : PHASES

/** What is mended at most unless somebody wants something else. Money is never among it. */
export const REPAIRS_MAX = 100

/** One comparison of everything, and what came of it. */
export type ReconciliationRun = {
  readonly id: string
  /** Who wanted it: the schedule, an operator, or events that were missed. */
  readonly cause: string
  /** Nothing is repaired: what would be is reported. */
  readonly dryRun: boolean
  readonly startedAt: Date
  readonly finishedAt: Date | null
  readonly listed: number
  readonly found: number
  readonly repaired: number
  readonly detail: string | null
}

export type ReconciliationRepository = {
  /** Running it twice begins one run. */
  readonly begin: (
    run: Pick<ReconciliationRun, 'id' | 'cause' | 'dryRun' | 'startedAt'>,
  ) => Promise<void>
  readonly finish: (
    run: Pick<ReconciliationRun, 'id' | 'listed' | 'found' | 'repaired' | 'detail'>,
    at: Date,
  ) => Promise<void>
  readonly find: (id: string) => Promise<ReconciliationRun | undefined>
  readonly list: (limit: number) => Promise<ReconciliationRun[]>
  /** Remembers which subscriptions of Stripe's a run has seen there. */
  readonly see: (runId: string, stripeIds: readonly string[]) => Promise<void>
  /**
   * Subscriptions that live here, by their ids from `after` on, and whether the run saw them at Stripe; null for those that
   * Stripe need not know.
   */
  readonly listLive: (
    runId: string,
    page: { readonly limit: number; readonly after: string | null },
  ) => Promise<{ readonly subscription: Subscription; readonly isSeen: boolean | null }[]>
  /** Bills that are open here, by their ids from `after` on. */
  readonly listOpenInvoices: (page: {
    readonly limit: number
    readonly after: string | null
  }) => Promise<string[]>
}
