import { patched, upsertMemo } from '@temporalio/workflow'
import type { SubscriptionInput } from '../../../workflows/contract.ts'
import { Subscription as before } from '../../../workflows/subscription.ts'

export { PlanMigration, Reconciliation } from '../../../workflows/index.ts'

/** The next release decides one thing more. Runs that began before it go on as they were. */
export async function Subscription(input: SubscriptionInput): Promise<SubscriptionInput> {
  if (patched('next-release')) upsertMemo({ release: 'next' })
  return before(input)
}
