import {
  WithStartWorkflowOperation,
  WorkflowExecutionAlreadyStartedError,
  type Client,
  type WorkflowStartOptions,
} from '@temporalio/client'
import type { Clock } from '../../domain/clock.ts'
import { isEnded, type PlanMigration } from '../../domain/migration/plan-migration.ts'
import type { PlanVersion } from '../../domain/catalogue/plan.ts'
import {
  PLAN_MIGRATION_WORKFLOW,
  planMigrationWorkflowId,
  progress,
  SEARCH_ATTRIBUTES,
  steer,
  type MigrationProgress,
  type PlanMigrationInput,
  type Steer,
} from '../../workflows/contract.ts'
import { replyTo, inTime, type WorkflowReply } from './reply.ts'
import { isTravelled, startInTheFuture } from './time-skipping.ts'

export type PlanMigrationWorkflows = {
  /** Running it twice finds it running, or over. */
  readonly start: (migration: PlanMigration, to: PlanVersion) => Promise<WorkflowReply<null>>
  /** Tells a migration what to do; one whose workflow is gone begins anew from its row. The same key is the same request. */
  readonly steer: (
    of: {
      readonly migration: PlanMigration
      readonly to: PlanVersion
      readonly commandId: string
    },
    wanted: Steer,
  ) => Promise<WorkflowReply<MigrationProgress>>
  readonly progress: (migrationId: string) => Promise<WorkflowReply<MigrationProgress>>
}

type Options = {
  readonly client: Client
  readonly promptClient: Client
  readonly taskQueue: string
  readonly travellingClock?: Clock | undefined
}

export function createPlanMigrationWorkflows(options: Options): PlanMigrationWorkflows {
  const { client, promptClient, taskQueue, travellingClock } = options

  const startOf = (migration: PlanMigration, to: PlanVersion) =>
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

  const arrive = async (start: WorkflowStartOptions) => {
    const target = travellingClock?.now()
    if (target !== undefined && isTravelled(target))
      await startInTheFuture(client, PLAN_MIGRATION_WORKFLOW, { ...start, target })
  }

  return {
    start: (migration, to) =>
      replyTo(async () => {
        const start = {
          ...startOf(migration, to),
          workflowIdConflictPolicy: 'USE_EXISTING',
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
        } satisfies WorkflowStartOptions
        await arrive(start)
        try {
          await inTime(() => promptClient.workflow.start(PLAN_MIGRATION_WORKFLOW, start))
        } catch (error) {
          if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
        }
        return null
      }),

    steer: ({ migration, to, commandId }, wanted) =>
      replyTo(async () => {
        const start = {
          ...startOf(migration, to),
          workflowIdConflictPolicy: 'USE_EXISTING',
          workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        } satisfies WorkflowStartOptions
        await arrive(start)
        return inTime(() =>
          promptClient.workflow.executeUpdateWithStart(steer, {
            startWorkflowOperation: new WithStartWorkflowOperation(PLAN_MIGRATION_WORKFLOW, start),
            updateId: commandId,
            args: [wanted],
          }),
        )
      }),

    progress: (migrationId) =>
      replyTo(() =>
        inTime(() =>
          promptClient.workflow.getHandle(planMigrationWorkflowId(migrationId)).query(progress),
        ),
      ),
  }
}

/** One that had ended waits to be told what for: it must not move anybody before. */
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
