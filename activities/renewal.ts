import type { SubscriptionView } from '../workflows/contract.ts'
import { load } from './apply-snapshot.ts'
import { record, type RecordParts } from './record.ts'

/** A renewal. `at`, ISO 8601, is the instant whose windows open. */
export type RenewRequest = {
  readonly subscriptionId: string
  readonly at: string
  readonly cause: string
}

/**
 * Opens the quota windows that contain `at`, and renews a free plan, which Stripe does not know. Running it twice finds both done
 * and changes nothing.
 */
export async function renew(
  parts: RecordParts,
  { at: instant, cause, subscriptionId }: RenewRequest,
): Promise<SubscriptionView> {
  const at = new Date(instant)
  const before = await load(parts, subscriptionId)
  const step = { before, rule: { name: 'renewal' }, at, actor: 'time', cause } as const
  return (await record(parts, step)).view
}
