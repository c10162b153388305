import { createTemporalClient, type TemporalClient } from '../adapters/temporal/connection.ts'
import { restartingLost } from '../adapters/temporal/lost-workflows.ts'
import {
  createPlanMigrationWorkflows,
  type PlanMigrationWorkflows,
} from '../adapters/temporal/plan-migrations.ts'
import { createReconciliations, type Reconciliations } from '../adapters/temporal/reconciliation.ts'
import {
  createSubscriptionWorkflows,
  type SubscriptionWorkflows,
} from '../adapters/temporal/subscriptions.ts'
import type { ContainerConfig } from './container-config.ts'
import type { Core } from './core.ts'

/** Everything that speaks to Temporal. */
export type TemporalParts = {
  readonly temporal: TemporalClient
  readonly workflows: SubscriptionWorkflows
  readonly reconciliations: Reconciliations
  readonly migrationWorkflows: PlanMigrationWorkflows
}

/** Creates the clients of the workflows. They connect at the first call. */
export function createTemporalParts(
  config: ContainerConfig,
  { logger, telemetry, repositories: { subscriptions } }: Core,
): TemporalParts {
  const temporal = createTemporalClient({ ...config.temporal, telemetry })
  const parts = {
    client: temporal.client,
    promptClient: temporal.promptClient,
    taskQueue: config.temporal.taskQueue,
    travellingClock: config.travellingClock,
  }
  const workflows = createSubscriptionWorkflows(parts)
  return {
    temporal,
    workflows: restartingLost({ workflows, subscriptions, logger }),
    reconciliations: createReconciliations(parts),
    migrationWorkflows: createPlanMigrationWorkflows(parts),
  }
}
