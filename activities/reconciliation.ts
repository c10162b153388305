import type { PageReport, PageRequest } from '../sync/reconciliation/page.ts'
import type { Scope } from '../domain/stripe/reconciliation.ts'
import type { ReconciliationReport } from '../workflows/contract.ts'
import type { ActivityDependencies } from './dependencies.ts'
import { askStripe } from './stripe-failure.ts'

type Beginning = {
  readonly runId: string
  readonly cause: string
  readonly dryRun: boolean
  readonly at: string
}
type Ending = ReconciliationReport & { readonly scope: Scope; readonly at: string }

export function createReconciliationActivities(dependencies: ActivityDependencies) {
  const { repositories, reconcile, logger } = dependencies
  const { drift, reconciliations } = repositories
  return {
    /** Running it twice begins one run. */
    async beginReconciliation({ runId, cause, dryRun, at }: Beginning): Promise<void> {
      await reconciliations.begin({ id: runId, cause, dryRun, startedAt: new Date(at) })
    },

    /** Compares a page and mends what needs no person. Running it twice finds what the first left. */
    reconcilePage: ({
      at,
      ...request
    }: PageRequest & { readonly at: string }): Promise<PageReport> =>
      askStripe(() => reconcile(request, new Date(at))),

    /** Writes down what came of it, and closes what was not seen any more. Running it twice closes it once. */
    async finishReconciliation({ scope, at, runId, ...figures }: Ending): Promise<void> {
      const run = await reconciliations.find(runId)
      if (run !== undefined && scope === 'all')
        await drift.closeUnseen(run.startedAt, runId, new Date(at))
      await reconciliations.finish({ id: runId, detail: null, ...figures }, new Date(at))
      logger.info({ runId, ...figures }, 'compared with Stripe')
    },
  }
}
