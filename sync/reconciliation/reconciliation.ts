import { driftKey, REMEDIES, type DriftKind } from '../../domain/stripe/drift.ts'
import type { Phase } from '../../domain/stripe/reconciliation.ts'
import { compareCustomers } from './customers.ts'
import { compareInvoicesAtStripe, compareInvoicesHere } from './invoices.ts'
import type { PageReport, PageRequest, ReadPage, ReconcileParts } from './page.ts'
import { repair, signalToRead } from './repair.ts'
import { findWorkflowsWithoutRow } from './workflows.ts'
import { compareSubscriptionsAtStripe, compareSubscriptionsHere } from './subscriptions.ts'

const READERS: Record<Phase, ReadPage> = {
  stripe: compareSubscriptionsAtStripe,
  here: compareSubscriptionsHere,
  workflows: findWorkflowsWithoutRow,
  customers: compareCustomers,
  bills: compareInvoicesHere,
  bills_at_stripe: compareInvoicesAtStripe,
}

/** The findings of an import: subscriptions at Stripe that have no row here. */
const IMPORT_KINDS: readonly DriftKind[] = [
  'missing_here',
  'unknown_customer',
  'unknown_price',
  'foreign_subscription',
  'second_subscription',
]

/**
 * Compares one page with Stripe, reports each difference, and repairs those that need no operator. It never moves money. Running
 * it twice finds only what the first run left, and writes no letter again.
 *
 * @throws when Stripe, Temporal or the database does not answer
 */
export async function reconcilePage(
  parts: ReconcileParts,
  request: PageRequest,
  at: Date,
): Promise<PageReport> {
  const page = await READERS[request.phase](parts, request, at)
  const drifts = page.drifts.filter(
    ({ kind }) => request.scope !== 'import' || IMPORT_KINDS.includes(kind),
  )
  const { drift: findings, letters } = parts.repositories
  if (!request.dryRun && request.scope !== 'import')
    for (const { subscriptionId, letter } of page.letters ?? [])
      await letters.write(subscriptionId, [letter], at)
  let [repaired, unlimited] = [0, 0]
  for (const drift of drifts) {
    await findings.note(drift, at)
    // A lost workflow is begun again at any number: that changes nothing at Stripe.
    const isUnlimited = drift.kind === 'no_workflow'
    const isBeyond = repaired - unlimited >= request.repairsLeft && !isUnlimited
    const isLeft = request.dryRun || isBeyond
    if (isLeft || REMEDIES[drift.kind] === 'operator') continue
    await repair(parts, drift, request.runId, at, request.scope)
    await findings.close([driftKey(drift)], { state: 'repaired', by: request.runId }, at)
    repaired += 1
    if (isUnlimited) unlimited += 1
  }
  if (!request.dryRun && request.scope === 'recover')
    for (const subscription of page.live ?? [])
      await signalToRead(parts, subscription, request.runId)
  return { listed: page.listed, found: drifts.length, repaired, unlimited, after: page.after }
}
