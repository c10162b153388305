export { Reconciliation } from './reconciliation.ts'
export { Subscription } from './subscription.ts'
