import type { CancellationTime } from '../domain/subscription/commands.ts'
import { isInPeriod, type Subscription } from '../domain/subscription/subscription.ts'
import { loadInTurn, type SnapshotParts } from './apply-snapshot.ts'
import {
  alreadyDone,
  doneAtStripe,
  doneHere,
  doneUnlessOver,
  isBankAsked,
  refused,
  stepOf,
  type CommandOrder,
  type CommandOutcome,
} from './command.ts'
import type { ActivityParts } from './parts.ts'
import { findSetAside } from './restore-change.ts'
import { askStripe } from './stripe-failure.ts'

/** The parts of an immediate end: it invoices the usage of the open period. */
export type EndParts = SnapshotParts & Pick<ActivityParts, 'flushOverage'>

/** Ends a subscription, or withdraws a scheduled end. */
export type CancellationRequest = CommandOrder & {
  /** `now`, `period_end`, an ISO 8601 instant, or null to withdraw a scheduled cancellation. */
  readonly when: string | null
}

/**
 * Ends a subscription now or later, or withdraws a scheduled cancellation. It closes an open payment page and withdraws a
 * pending plan change. Running it twice finds it done.
 */
export async function changeCancellation(
  parts: EndParts,
  request: CancellationRequest,
): Promise<CommandOutcome> {
  const { stripe } = parts
  const at = new Date(request.at)
  const before = await loadInTurn(parts, request)
  const when = timeOf(request.when, before, at)
  if (when === null && before.cancelAt === null) return alreadyDone(parts, before)
  if (when !== null && isBankAsked(before)) return refused(parts, before, 'payment_processing')
  const { checkout, stripeSubscriptionId } = before
  if (checkout !== null && (when === 'now' || before.status === 'incomplete')) {
    const end = await askStripe(() => stripe.expireCheckout(checkout.sessionId))
    if (end === 'complete') return refused(parts, before, 'checkout_already_paid')
  }
  const step = stepOf(request, 'cancellation')
  if (stripeSubscriptionId !== null) {
    const { generation } = request
    const order = { subscriptionId: before.id, stripeSubscriptionId, generation }
    if (when === 'now') await parts.flushOverage(before.userId, at)
    await askStripe(async () => {
      if (when !== null) await stripe.dropPendingChange(order)
      await stripe.changeCancellation({ ...order, at: when })
    })
    const complete = when === null ? doneUnlessOver : doneAtStripe
    return complete(parts, before, { ...step, assume: { pendingChange: null } })
  }
  if (before.status === 'incomplete') return doneAtStripe(parts, before, step)
  // An earlier attempt has ended it.
  if (!isInPeriod(before)) return alreadyDone(parts, before)
  if (when !== null) return doneHere(parts, before, { name: 'free_cancellation', when }, step)
  const found = await findSetAside(parts, before, at)
  const returns = found.kind === 'returns' ? found.change : null
  return doneHere(
    parts,
    before,
    { name: 'cancellation_withdrawn', returns },
    {
      ...step,
      ...(found.kind === 'dropped' && { dropped: found.dropped }),
    },
  )
}

function timeOf(
  when: string | null,
  { period, status }: Subscription,
  at: Date,
): CancellationTime | null {
  // A pause may last beyond the paid period.
  if (when === 'period_end' && status === 'paused' && period.end <= at) return 'now'
  return when === null || when === 'now' || when === 'period_end' ? when : new Date(when)
}
