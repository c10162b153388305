import {
  WithStartWorkflowOperation,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowStartOptions,
} from '@temporalio/client'
import type { PlanVersion } from '../../domain/catalogue/plan.ts'
import { isEnded, type PlanMigration } from '../../domain/migration/plan-migration.ts'
import {
  PLAN_MIGRATION_WORKFLOW,
  planMigrationWorkflowId,
  progress,
  steer,
  type MigrationProgress,
  type PlanMigrationInput,
  type Steer,
} from '../../workflows/plan-migration-contract.ts'
import { SEARCH_ATTRIBUTES } from '../../workflows/contract.ts'
import { inTime, replyTo, type WorkflowReply } from './reply.ts'
import { startIfTimeMoved, type WorkflowParts } from './time-skipping.ts'

/** Starts and steers the workflows of plan migrations. An outage is a reply, not an error. */
export type PlanMigrationWorkflows = {
  /** Running it twice finds the workflow running, or ended. */
  readonly start: (migration: PlanMigration, to: PlanVersion) => Promise<WorkflowReply<null>>
  /** Pauses, continues or ends a migration. If its workflow is gone, a new one starts from the row. */
  readonly steer: (target: SteerTarget, wanted: Steer) => Promise<WorkflowReply<MigrationProgress>>
  readonly progress: (migrationId: string) => Promise<WorkflowReply<MigrationProgress>>
}

type SteerTarget = {
  readonly migration: PlanMigration
  readonly to: PlanVersion
  /** The same id is the same request, so a repeat gets the first reply. */
  readonly commandId: string
}

/** One workflow for each migration, with the id `planMigrationWorkflowId`. */
export const createPlanMigrationWorkflows = (parts: WorkflowParts): PlanMigrationWorkflows => ({
  start: (migration, to) => replyTo(() => start(parts, migration, to)),
  steer: (target, wanted) => replyTo(() => sendSteer(parts, target, wanted)),
  progress: (migrationId) =>
    replyTo(() =>
      inTime(() =>
        parts.promptClient.workflow.getHandle(planMigrationWorkflowId(migrationId)).query(progress),
      ),
    ),
})

async function start(
  parts: WorkflowParts,
  migration: PlanMigration,
  to: PlanVersion,
): Promise<null> {
  const options = {
    ...startOptions(parts, migration, to),
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
  } satisfies WorkflowStartOptions
  await startIfTimeMoved(parts, PLAN_MIGRATION_WORKFLOW, options)
  try {
    await inTime(() => parts.promptClient.workflow.start(PLAN_MIGRATION_WORKFLOW, options))
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
  return null
}

async function sendSteer(
  parts: WorkflowParts,
  { migration, to, commandId }: SteerTarget,
  wanted: Steer,
): Promise<MigrationProgress> {
  const options = {
    ...startOptions(parts, migration, to),
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
  } satisfies WorkflowStartOptions
  await startIfTimeMoved(parts, PLAN_MIGRATION_WORKFLOW, options)
  return inTime(() =>
    parts.promptClient.workflow.executeUpdateWithStart(steer, {
      startWorkflowOperation: new WithStartWorkflowOperation(PLAN_MIGRATION_WORKFLOW, options),
      updateId: commandId,
      args: [wanted],
    }),
  )
}

const startOptions = ({ taskQueue }: WorkflowParts, migration: PlanMigration, to: PlanVersion) =>
  ({
    workflowId: planMigrationWorkflowId(migration.id),
    taskQueue,
    args: [inputOf(migration)],
    staticSummary: `Migration to ${to.slug} version ${to.version}`,
    typedSearchAttributes: [
      { key: SEARCH_ATTRIBUTES.plan, value: to.slug },
      { key: SEARCH_ATTRIBUTES.planVersion, value: to.version },
    ],
  }) satisfies WorkflowStartOptions

/** A migration that had ended starts on hold, so it moves no subscription before its operator says what to do. */
const inputOf = ({ id, ...migration }: PlanMigration): PlanMigrationInput => ({
  stateVersion: 1,
  migrationId: id,
  phase: migration.phase,
  hold:
    migration.state === 'awaiting_approval'
      ? 'canary'
      : isEnded(migration.state) || migration.state === 'paused'
        ? 'asked'
        : null,
  dryRun: migration.dryRun,
  canaryPercent: migration.canaryPercent,
  ratePerMinute: migration.ratePerMinute,
  cursor: null,
  tally: { planned: 0, moved: 0, skipped: 0, failed: 0, failedLately: 0, rolledBack: 0 },
})
