import { randomUUID } from 'node:crypto'
import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleOptions,
} from '@temporalio/client'
import type { Clock } from '../../domain/clock.ts'
import {
  RECONCILIATION_WORKFLOW,
  reconciliationWorkflowId,
  type ReconciliationInput,
  type ReconciliationReport,
} from '../../workflows/contract.ts'
import { isTravelled, startInTheFuture } from './time-skipping.ts'

/** The task queue has its own: two deployments in one namespace do not take each other's. */
const scheduleIdOf = (taskQueue: string) => `reconciliation-of-${taskQueue}`

/** What a night without a worker left out is made up for within this time. */
const CATCH_UP = '12 hours'

export type Reconciliations = {
  /** Begins one and answers its workflow's id. @throws when Temporal is away. */
  readonly start: (input: ReconciliationInput) => Promise<string>
  /** @throws when it failed. */
  readonly result: (workflowId: string) => Promise<ReconciliationReport>
  /** How far it has come, in words. @throws when there is no worker to say so. */
  readonly progress: (workflowId: string) => Promise<string>
  /** Has one begin each day at this hour, UTC; null takes the schedule away. Running it twice leaves one schedule. */
  readonly schedule: (hour: number | null, input: ReconciliationInput) => Promise<void>
}

export function createReconciliations({
  client,
  taskQueue,
  travellingClock,
}: {
  readonly client: Client
  readonly taskQueue: string
  readonly travellingClock?: Clock | undefined
}): Reconciliations {
  const startOf = (workflowId: string, input: ReconciliationInput) => ({
    workflowId,
    taskQueue,
    args: [input] as [ReconciliationInput],
    staticSummary: input.dryRun ? 'Comparison with Stripe, a dry run' : 'Comparison with Stripe',
  })

  return {
    async start(input) {
      const workflowId = reconciliationWorkflowId(randomUUID())
      const start = startOf(workflowId, input)
      const target = travellingClock?.now()
      if (target !== undefined && isTravelled(target))
        await startInTheFuture(client, RECONCILIATION_WORKFLOW, { ...start, target })
      else await client.workflow.start(RECONCILIATION_WORKFLOW, start)
      return workflowId
    },

    result: (workflowId) => client.workflow.getHandle(workflowId).result(),

    async progress(workflowId) {
      const { currentDetails } = await client.workflow
        .getHandle(workflowId)
        .query<{ currentDetails?: string }>('__temporal_workflow_metadata')
      return currentDetails ?? ''
    },

    async schedule(hour, input) {
      const handle = client.schedule.getHandle(scheduleIdOf(taskQueue))
      if (hour === null) {
        try {
          await handle.delete()
        } catch (error) {
          if (!(error instanceof ScheduleNotFoundError)) throw error
        }
        return
      }
      const options = {
        spec: { calendars: [{ hour, comment: 'UTC' }] },
        policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: CATCH_UP },
        action: {
          type: 'startWorkflow',
          workflowType: RECONCILIATION_WORKFLOW,
          ...startOf(reconciliationWorkflowId('nightly'), input),
        },
      } satisfies Omit<ScheduleOptions, 'scheduleId'>
      try {
        await client.schedule.create({ scheduleId: scheduleIdOf(taskQueue), ...options })
      } catch (error) {
        if (!(error instanceof ScheduleAlreadyRunning)) throw error
        await handle.update((previous) => ({ ...previous, ...options }))
      }
    },
  }
}
