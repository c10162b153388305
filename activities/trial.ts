import { loadInTurn, type SnapshotParts } from './apply-snapshot.ts'
import { doneUnlessOver, stepOf, type CommandOrder, type CommandOutcome } from './command.ts'
import { askStripe } from './stripe-failure.ts'

/** A new end of a trial. */
export type TrialOrder = CommandOrder & {
  /** The ISO 8601 instant at which the trial ends; null ends it now. */
  readonly endsAt: string | null
}

/**
 * Moves the end of a trial. When it ends now, the first period begins and is charged; if that charge fails, the trial stays
 * as it was and the change waits for payment. Running it twice finds it done.
 */
export async function changeTrial(
  parts: SnapshotParts,
  request: TrialOrder,
): Promise<CommandOutcome> {
  const before = await loadInTurn(parts, request)
  const { stripeSubscriptionId } = before
  if (stripeSubscriptionId === null) throw new Error(`${before.id} has a trial without Stripe`)
  const { generation, endsAt } = request
  const order = { subscriptionId: before.id, stripeSubscriptionId, generation }
  await askStripe(() =>
    parts.stripe.changeTrial({ ...order, endsAt: endsAt === null ? 'now' : new Date(endsAt) }),
  )
  return doneUnlessOver(parts, before, {
    ...stepOf(request, endsAt === null ? 'trial ended' : 'trial extended'),
  })
}
