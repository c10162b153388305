import { randomUUID } from 'node:crypto'
import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  type ScheduleOptions,
} from '@temporalio/client'
import {
  RECONCILIATION_WORKFLOW,
  reconciliationWorkflowId,
  type ReconciliationInput,
  type ReconciliationReport,
} from '../../workflows/reconciliation-contract.ts'
import { startIfTimeMoved, type WorkflowParts } from './time-skipping.ts'

/** Named after the task queue, so that two deployments in one namespace have a schedule each. */
const scheduleIdOf = (taskQueue: string) => `reconciliation-of-${taskQueue}`

/** A run that was missed, because no worker was up, is made up for within this time. */
const CATCH_UP = '12 hours'

/** Starts comparisons with Stripe, each as a workflow, now or daily. */
export type Reconciliations = {
  /** @returns the id of the new run's workflow @throws when Temporal is unavailable */
  readonly start: (input: ReconciliationInput) => Promise<string>
  /**
   * Starts the comparison after a restore, unless one is running: two at a time would terminate each other's workflows.
   * @throws when Temporal is unavailable
   */
  readonly recover: (
    input: ReconciliationInput & { readonly scope: 'recover' },
  ) => Promise<{ readonly kind: 'started' | 'running'; readonly workflowId: string }>
  /** Waits for a run to end. @throws when the run failed */
  readonly result: (workflowId: string) => Promise<ReconciliationReport>
  /** @returns the progress of a run, in words @throws without a worker to report it */
  readonly progress: (workflowId: string) => Promise<string>
  /**
   * Schedules a daily run. Running it twice leaves one schedule.
   * @param hour 0 to 23, UTC; null removes the schedule
   */
  readonly schedule: (hour: number | null, input: ReconciliationInput) => Promise<void>
}

type Parts = Omit<WorkflowParts, 'promptClient'>

/** One workflow for each run, and one schedule for each task queue. */
export const createReconciliations = (parts: Parts): Reconciliations => ({
  start: (input) => start(parts, reconciliationWorkflowId(randomUUID()), input),
  recover: (input) => recover(parts, input),
  result: (workflowId) => parts.client.workflow.getHandle(workflowId).result(),
  progress: (workflowId) => readProgress(parts, workflowId),
  schedule: (hour, input) =>
    hour === null ? removeSchedule(parts) : writeSchedule(parts, hour, input),
})

const startOptions = ({ taskQueue }: Parts, workflowId: string, input: ReconciliationInput) => ({
  workflowId,
  taskQueue,
  args: [input] as [ReconciliationInput],
  staticSummary: input.dryRun ? 'Comparison with Stripe, a dry run' : 'Comparison with Stripe',
})

async function start(
  parts: Parts,
  workflowId: string,
  input: ReconciliationInput,
): Promise<string> {
  const options = startOptions(parts, workflowId, input)
  const isStarted = await startIfTimeMoved(parts, RECONCILIATION_WORKFLOW, options)
  if (!isStarted) await parts.client.workflow.start(RECONCILIATION_WORKFLOW, options)
  return workflowId
}

async function recover(
  parts: Parts,
  input: ReconciliationInput,
): Promise<{ readonly kind: 'started' | 'running'; readonly workflowId: string }> {
  const workflowId = reconciliationWorkflowId('recover')
  if (await isRunning(parts, workflowId)) return { kind: 'running', workflowId }
  try {
    return { kind: 'started', workflowId: await start(parts, workflowId, input) }
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
    return { kind: 'running', workflowId }
  }
}

async function isRunning({ client }: Parts, workflowId: string): Promise<boolean> {
  try {
    const { status } = await client.workflow.getHandle(workflowId).describe()
    return status.name === 'RUNNING'
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false
    throw error
  }
}

async function readProgress({ client }: Parts, workflowId: string): Promise<string> {
  const { currentDetails } = await client.workflow
    .getHandle(workflowId)
    .query<{ currentDetails?: string }>('__temporal_workflow_metadata')
  return currentDetails ?? ''
}

async function removeSchedule({ client, taskQueue }: Parts): Promise<void> {
  try {
    await client.schedule.getHandle(scheduleIdOf(taskQueue)).delete()
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error
  }
}

async function writeSchedule(
  parts: Parts,
  hour: number,
  input: ReconciliationInput,
): Promise<void> {
  const { client, taskQueue } = parts
  const scheduleId = scheduleIdOf(taskQueue)
  const options = {
    spec: { calendars: [{ hour, comment: 'UTC' }] },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: CATCH_UP },
    action: {
      type: 'startWorkflow',
      workflowType: RECONCILIATION_WORKFLOW,
      ...startOptions(parts, reconciliationWorkflowId('nightly'), input),
    },
  } satisfies Omit<ScheduleOptions, 'scheduleId'>
  try {
    await client.schedule.create({ scheduleId, ...options })
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error
    const handle = client.schedule.getHandle(scheduleId)
    await handle.update((previous) => ({ ...previous, ...options }))
  }
}
