import { createImportActivities } from './adoption.ts'
import { createCancellationActivities } from './cancellation.ts'
import { createCheckoutActivities } from './checkout.ts'
import type { ActivityDependencies } from './dependencies.ts'
import { createObservationActivities } from './observation.ts'
import { createOperatorCommandActivities } from './operator-moves.ts'
import { createPauseActivities } from './pause.ts'
import { createPlanChangeActivities } from './plan-change.ts'
import { createPlanMigrationActivities } from './plan-migration.ts'
import { createTrialActivities } from './trial.ts'
import { createUsageAlertActivities } from './usage-alerts.ts'
import { createReconciliationActivities } from './reconciliation.ts'
import { createRenewalActivities } from './renewal.ts'

/** Everything that workflows can have done, by the name under which they ask for it. */
export const createActivities = (dependencies: ActivityDependencies) => ({
  ...createImportActivities(dependencies),
  ...createCancellationActivities(dependencies),
  ...createCheckoutActivities(dependencies),
  ...createObservationActivities(dependencies),
  ...createOperatorCommandActivities(dependencies),
  ...createPauseActivities(dependencies),
  ...createPlanChangeActivities(dependencies),
  ...createReconciliationActivities(dependencies),
  ...createPlanMigrationActivities(dependencies),
  ...createRenewalActivities(dependencies),
  ...createTrialActivities(dependencies),
  ...createUsageAlertActivities(dependencies),
})

export type Activities = ReturnType<typeof createActivities>
