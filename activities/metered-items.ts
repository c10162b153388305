import { subscriptionId } from '../domain/ids.ts'
import { isLive } from '../domain/subscription/subscription.ts'
import { load } from './apply-snapshot.ts'
import type { ActivityParts } from './parts.ts'
import { askStripe } from './stripe-failure.ts'

/**
 * Adds the metered items that a subscription lacks at Stripe, so that usage beyond its limits is charged from now on: it was made
 * in the dashboard, or somebody removed them there. Items stay as they are while a schedule or a payment decides about them; the
 * comparison finds the difference until it is gone. Running it twice finds them.
 *
 * @param at the step's instant, the same for each retry
 */
export async function addMeteredItems(
  parts: Pick<ActivityParts, 'repositories' | 'stripe'>,
  id: string,
  at: Date,
): Promise<void> {
  const {
    id: own,
    planVersionId,
    stripeSubscriptionId,
    status,
  } = await load(parts, subscriptionId(id))
  if (stripeSubscriptionId === null || !(isLive(status) || status === 'incomplete')) return
  const plan = await parts.repositories.plans.getVersion(planVersionId)
  if (plan.features.every(({ overage }) => overage !== 'bill')) return
  await askStripe(async () =>
    parts.stripe.addMeteredItems({
      subscriptionId: own,
      stripeSubscriptionId,
      generation: at.getTime(),
      overage: await parts.stripe.ensureOveragePrices(plan),
    }),
  )
}
