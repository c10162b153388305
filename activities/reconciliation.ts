import type { Scope } from '../domain/stripe/reconciliation.ts'
import type { PageReport, PageRequest } from '../sync/reconciliation/page.ts'
import type { ReconciliationReport } from '../workflows/reconciliation-contract.ts'
import type { ActivityParts } from './parts.ts'
import { askStripe } from './stripe-failure.ts'

type Beginning = {
  readonly runId: string
  readonly cause: string
  readonly dryRun: boolean
  readonly at: string
}
type Ending = ReconciliationReport & { readonly scope: Scope; readonly at: string }

/** Stores the start of a reconciliation. Running it twice stores one. */
export async function beginReconciliation(
  { repositories }: Pick<ActivityParts, 'repositories'>,
  { runId, cause, dryRun, at }: Beginning,
): Promise<void> {
  await repositories.reconciliations.begin({ id: runId, cause, dryRun, startedAt: new Date(at) })
}

/** Compares a page with Stripe and repairs what needs no operator. Running it twice finds what the first run left. */
export const reconcilePage = (
  { reconcile }: Pick<ActivityParts, 'reconcile'>,
  { at, ...request }: PageRequest & { readonly at: string },
): Promise<PageReport> => askStripe(() => reconcile(request, new Date(at)))

/** Stores the result and closes findings that were not seen again. Running it twice closes them once. */
export async function finishReconciliation(
  { repositories, logger }: Pick<ActivityParts, 'repositories' | 'logger'>,
  { scope, at, runId, ...figures }: Ending,
): Promise<void> {
  const { drift, reconciliations } = repositories
  const run = await reconciliations.find(runId)
  if (run !== undefined && scope !== 'import')
    await drift.closeUnseen(run.startedAt, runId, new Date(at))
  await reconciliations.finish({ id: runId, detail: null, ...figures }, new Date(at))
  logger.info({ runId, ...figures }, 'compared with Stripe')
}
