import type { SubscriptionInput } from '../../../workflows/contract.ts'
import { Subscription as before } from '../../../workflows/subscription.ts'

export { PlanMigration, Reconciliation } from '../../../workflows/index.ts'

/** A run that does not take over what the one before was told and had not taken in. */
export const Subscription = (input: SubscriptionInput): Promise<SubscriptionInput> =>
  before({ ...input, facts: [] })
