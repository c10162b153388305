import { subscriptionId } from '../../domain/ids.ts'
import type { Drift } from '../../domain/stripe/drift.ts'
import type { ReadPage } from './page.ts'

/**
 * Finds running workflows of subscriptions without a row: those that began after the backup from which Postgres was restored.
 * Those that Stripe knows were restored before, so these were free, or not paid yet.
 */
export const findWorkflowsWithoutRow: ReadPage = async (parts, { runId, dryRun, after }, at) => {
  // A workflow that this run has started, or a checkout that begins, has no row yet.
  const run = await parts.repositories.reconciliations.find(runId)
  const page = await parts.workflows.listRunning(run?.startedAt ?? at, after)
  const drifts: Drift[] = []
  for (const { subscriptionId: id, userId, plan, stripeCustomerId } of page.workflows) {
    // A dry run restores nothing, so a row that Stripe can restore is missing still.
    if (dryRun && stripeCustomerId !== undefined) continue
    if ((await parts.repositories.subscriptions.find(subscriptionId(id))) !== undefined) continue
    const detail =
      `its workflow runs for the user ${userId ?? 'unknown'} on ${plan ?? 'no plan yet'}, and its row is lost: ` +
      'terminate the workflow, and the user can begin again'
    drifts.push({ kind: 'no_row', subscriptionId: id, stripeId: null, detail })
  }
  return { drifts, listed: 0, after: page.after }
}
