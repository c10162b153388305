import { patched, upsertMemo } from '@temporalio/workflow'
import type { SubscriptionInput } from '../../../workflows/contract.ts'
import { Subscription as before } from '../../../workflows/subscription.ts'

export { PlanMigration, Reconciliation } from '../../../workflows/index.ts'

/** The next release makes one more decision. Runs that started before it continue unchanged. */
export async function Subscription(input: SubscriptionInput): Promise<SubscriptionInput> {
  if (patched('next-release')) upsertMemo({ release: 'next' })
  return before(input)
}
