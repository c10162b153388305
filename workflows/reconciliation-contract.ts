/** Everything that other processes may know of the workflow that compares with Stripe. See `contract.ts` for what holds of all. */
import type { Phase, Scope } from '../domain/stripe/reconciliation.ts'

/** The type of the workflow that compares everything here with Stripe. */
export const RECONCILIATION_WORKFLOW = 'Reconciliation'

/** The id of the workflow of a comparison; the nightly ones have Temporal’s own. */
export const reconciliationWorkflowId = (id: string): string => `reconciliation/${id}`

/** The input of a comparison with Stripe, and of each next run. */
export type ReconciliationInput = {
  /** Why it runs, for the report. */
  readonly cause: string
  readonly scope: Scope
  /** Differences are reported and not repaired. */
  readonly dryRun: boolean
  /** The most repairs in one comparison. The next one repairs the rest. */
  readonly repairsMax: number
  readonly progress?: ReconciliationProgress
}

/** The position and the numbers of a comparison, over all its runs. */
export type ReconciliationProgress = {
  readonly runId: string
  readonly phase: Phase
  readonly after: string | null
  readonly listed: number
  readonly found: number
  readonly repaired: number
  /** The part of `repaired` that the limit does not count; absent in a run of an older build. */
  readonly unlimited?: number
}

/** The numbers of a comparison that has ended. */
export type ReconciliationReport = Pick<
  ReconciliationProgress,
  'runId' | 'listed' | 'found' | 'repaired'
>
