import { makeContinueAsNewFunc, setCurrentDetails, workflowInfo } from '@temporalio/workflow'
import { phasesOf } from '../domain/stripe/reconciliation.ts'
import type {
  ReconciliationInput,
  ReconciliationProgress,
  ReconciliationReport,
} from './reconciliation-contract.ts'
import { beginReconciliation, finishReconciliation, reconcilePage } from './effects.ts'

/**
 * Compares everything at Stripe with everything here, page by page. It decides nothing: a difference is recorded, and the
 * workflow or the mirror that owns it repairs it. See README.md for why it is safe to run twice.
 */
export async function Reconciliation(input: ReconciliationInput): Promise<ReconciliationReport> {
  const { cause, scope, dryRun, repairsMax } = input
  const phases = phasesOf(scope)
  // The workflow's own time: `startTime` is the server's, also when this run starts at a time that was moved ahead.
  const startedAt = new Date().toISOString()
  let progress: ReconciliationProgress = input.progress ?? {
    runId: workflowInfo().firstExecutionRunId,
    phase: 'stripe',
    after: null,
    listed: 0,
    found: 0,
    repaired: 0,
  }
  if (input.progress === undefined)
    await beginReconciliation({ runId: progress.runId, cause, dryRun, at: startedAt })

  for (let phase: typeof progress.phase | undefined = progress.phase; phase !== undefined;) {
    const { runId, after, repaired, unlimited = 0 } = progress
    const repairsLeft = repairsMax - (repaired - unlimited)
    const at = new Date().toISOString()
    const page = await reconcilePage({ runId, scope, dryRun, phase, after, repairsLeft, at })
    if (page.after === null) phase = phases[phases.indexOf(phase) + 1]
    progress = {
      runId,
      phase: phase ?? progress.phase,
      after: page.after,
      listed: progress.listed + page.listed,
      found: progress.found + page.found,
      repaired: repaired + page.repaired,
      unlimited: unlimited + (page.unlimited ?? 0),
    }
    setCurrentDetails(cardOf(progress, input))
    if (phase !== undefined && workflowInfo().continueAsNewSuggested)
      await makeContinueAsNewFunc<typeof Reconciliation>()({ ...input, progress })
  }
  const { runId, listed, found, repaired } = progress
  const at = new Date().toISOString()
  await finishReconciliation({ runId, listed, found, repaired, scope, at })
  return { runId, listed, found, repaired }
}

/** The text at the top of the workflow's page in the Temporal UI, in Markdown. */
const cardOf = (
  { phase, listed, found, repaired, unlimited = 0 }: ReconciliationProgress,
  { dryRun, repairsMax }: ReconciliationInput,
): string =>
  `**${phase}** · ${listed} listed · ${found} differ · ${
    dryRun
      ? 'dry run, nothing is repaired'
      : `${repaired - unlimited} of at most ${repairsMax} repaired, ${unlimited} begun again`
  }`
