import type Stripe from 'stripe'
import { driftKey, REMEDIES, type Drift, type DriftKind } from '../../domain/stripe/drift.ts'
import type { Phase, Scope } from '../../domain/stripe/reconciliation.ts'
import { compareInvoicesAtStripe, compareInvoicesHere } from './invoices.ts'
import { compareCustomers } from './customers.ts'
import { compareHere, compareSubscriptions } from './subscriptions.ts'
import { repair, type Repairing } from './repair.ts'
import type { Comparing } from './comparison.ts'
import type { Repositories } from '../../domain/repositories.ts'
import type { SubscriptionWorkflows } from '../../adapters/temporal/subscriptions.ts'
import type { StripeInvoices } from '../../adapters/stripe/reading/invoices.ts'

export type Reconciling = Repairing &
  Comparing & {
    readonly stripe: Stripe
    readonly repositories: Pick<Repositories, 'reconciliations' | 'invoices'>
    readonly workflows: Pick<SubscriptionWorkflows, 'isRunning'>
    readonly bills: Pick<StripeInvoices, 'readInvoice'>
  }

export type PageRequest = {
  readonly runId: string
  readonly scope: Scope
  readonly dryRun: boolean
  readonly phase: Phase
  readonly after: string | null
  /** What is found beyond this is reported and left for the next run. */
  readonly repairsLeft: number
}

export type PageReport = {
  readonly listed: number
  readonly found: number
  readonly repaired: number
  /** Where the next page begins; null when the phase is over. */
  readonly after: string | null
}

/** What one page of a phase shows. */
export type Page = {
  readonly drifts: readonly Drift[]
  readonly listed: number
  readonly after: string | null
}

export type ReadPage = (
  parts: Reconciling,
  request: Pick<PageRequest, 'runId' | 'after'>,
  at: Date,
) => Promise<Page>

const READERS: Record<Phase, ReadPage> = {
  stripe: compareSubscriptions,
  here: compareHere,
  customers: compareCustomers,
  bills: compareInvoicesHere,
  bills_at_stripe: compareInvoicesAtStripe,
}

/** What an import looks for: subscriptions at Stripe that no row here stands for. */
const OF_IMPORT: readonly DriftKind[] = [
  'missing_here',
  'unknown_customer',
  'unknown_price',
  'foreign_subscription',
  'second_subscription',
]

/**
 * Compares one page, reports what differs, and mends what needs no person. Money is never moved. Running it twice finds
 * what the first left.
 */
export async function reconcilePage(
  parts: Reconciling,
  request: PageRequest,
  at: Date,
): Promise<PageReport> {
  const page = await READERS[request.phase](parts, request, at)
  const drifts = page.drifts.filter(
    ({ kind }) => request.scope === 'all' || OF_IMPORT.includes(kind),
  )
  const { drift: findings } = parts.repositories
  let repaired = 0
  for (const drift of drifts) {
    await findings.note(drift, at)
    const isLeft = request.dryRun || repaired >= request.repairsLeft
    if (isLeft || REMEDIES[drift.kind] === 'operator') continue
    await repair(parts, drift, request.runId, at)
    await findings.close([driftKey(drift)], { state: 'repaired', by: request.runId }, at)
    repaired += 1
  }
  return { listed: page.listed, found: drifts.length, repaired, after: page.after }
}
