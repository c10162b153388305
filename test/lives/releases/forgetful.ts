import type { SubscriptionInput } from '../../../workflows/contract.ts'
import { Subscription as before } from '../../../workflows/subscription.ts'

export { PlanMigration, Reconciliation } from '../../../workflows/index.ts'

/** This run drops the signals that the previous run received and had not applied. */
export const Subscription = (input: SubscriptionInput): Promise<SubscriptionInput> =>
  before({ ...input, facts: [] })
