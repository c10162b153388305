export { Reconciliation } from './reconciliation.ts'
export { PlanMigration } from './plan-migration.ts'
export { Subscription } from './subscription.ts'
