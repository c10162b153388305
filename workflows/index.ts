export { PlanMigration } from './plan-migration.ts'
export { Subscription } from './subscription.ts'
