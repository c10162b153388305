export { PlanMigration, Reconciliation, Subscription } from '../../../workflows/index.ts'
