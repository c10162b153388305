import { renewFree } from '../domain/subscription/renewal.ts'
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
  const { plans } = parts.repositories
  const at = new Date(instant)
  const before = await load(parts, subscriptionId)
  const held = await plans.getVersion(before.planVersionId)
  const { pendingChange: pending } = before
  const pendingPlan = pending && (await plans.getVersion(pending.planVersionId))
  const after =
    before.stripeSubscriptionId === null ? renewFree(before, held, pendingPlan, at) : before
  const plan = after.planVersionId === held.id ? held : await plans.getVersion(after.planVersionId)
  return record(parts, { before, after, plan, at, actor: 'time', cause })
}
