import { ApplicationFailure } from '@temporalio/activity'
import { derivedUuid } from '../adapters/secrets/derived-uuid.ts'
import { subscriptionId } from '../domain/ids.ts'
import { operatorCommandKey } from '../domain/keys.ts'
import { isOver, type Subscription } from '../domain/subscription/subscription.ts'
import type { GrantAnswer } from '../workflows/contract.ts'
import { load, loadInTurn } from './apply-snapshot.ts'
import { alreadyDone, doneHere, refused, requestedBy, type CommandOutcome } from './command.ts'
import type { ActivityParts } from './parts.ts'
import type { RecordParts } from './record.ts'
import { askStripe } from './stripe-failure.ts'

/** An operator's request with its reason. `commandId` is the id of the update, the same for each retry. */
export type OperatorOrder = {
  readonly subscriptionId: string
  readonly at: string
  readonly commandId: string
  readonly reason: string
  readonly keyId: string | null
  readonly askedBy: string | null
}

/** More of a feature for the user: `amount` units, at least 1, until `expiresAt` (ISO 8601); null never expires. */
export type GrantOrder = OperatorOrder & {
  readonly feature: string
  readonly amount: number
  readonly expiresAt: string | null
}

/** The end of a subscription now. `generation` numbers the command in its idempotency keys at Stripe. */
export type ForceCancellationOrder = OperatorOrder & { readonly generation: number }

const actOf = ({ at, keyId, askedBy }: OperatorOrder) => ({ at: new Date(at), keyId, askedBy })

/**
 * Grants the user more of a feature, with a timeline entry. Running it twice finds the grant: its id is derived from the
 * update's id.
 */
export async function grantUsage(
  { repositories, webhooksChanged }: Pick<ActivityParts, 'repositories' | 'webhooksChanged'>,
  order: GrantOrder,
): Promise<GrantAnswer> {
  const id = subscriptionId(order.subscriptionId)
  const subscription = await load({ repositories }, id)
  const grantId = derivedUuid(operatorCommandKey(id, order.commandId))
  const { feature, amount, reason } = order
  const expiresAt = order.expiresAt === null ? null : new Date(order.expiresAt)
  const given = { id: grantId, feature, amount, reason, expiresAt }
  const outcome = await repositories.usageExtras.grantTo(subscription, given, actOf(order))
  webhooksChanged()
  return outcome.kind === 'granted'
    ? { kind: 'granted', grantId }
    : { kind: 'refused', code: outcome.because }
}

type ForceParts = RecordParts & Pick<ActivityParts, 'stripe' | 'logger' | 'flushOverage'>

/**
 * Ends a subscription now, in any state here or at Stripe. The operator's action is stored first, so that no subscription
 * ends without one. Running it twice finds it ended, with one action.
 */
export async function forceCancellation(
  parts: ForceParts,
  order: ForceCancellationOrder,
): Promise<CommandOutcome> {
  const { repositories, stripe } = parts
  const before = await loadInTurn(parts, order)
  const { checkout } = before
  if (checkout !== null) {
    const end = await askStripe(() => stripe.expireCheckout(checkout.sessionId))
    // A purchase that was just paid is not known here yet, and would continue at Stripe.
    if (end === 'complete') return refused(parts, before, 'checkout_already_paid')
  }
  await repositories.usageExtras.noteAction(
    operatorCommandKey(before.id, order.commandId),
    {
      action: 'force_cancel',
      userId: before.userId,
      before: { subscription_id: before.id, status: before.status },
      after: { subscription_id: before.id, status: 'canceled', reason: order.reason },
    },
    actOf(order),
  )
  if (isOver(before)) return alreadyDone(parts, before)
  const at = new Date(order.at)
  if (before.stripeSubscriptionId !== null) await parts.flushOverage(before.userId, at)
  await endAtStripe(parts, before, order.generation)
  const step = {
    at,
    actor: 'operator',
    cause: 'forced cancellation',
    by: requestedBy(order),
  } as const
  return doneHere(parts, before, { name: 'forced_cancellation' }, step)
}

async function endAtStripe(parts: ForceParts, before: Subscription, generation: number) {
  const { id, stripeSubscriptionId } = before
  if (stripeSubscriptionId === null) return
  const { stripe } = parts
  const order = { subscriptionId: id, stripeSubscriptionId, generation }
  await orRefused(parts, before, () => stripe.dropPendingChange(order))
  await orRefused(parts, before, () => stripe.changeCancellation({ ...order, at: 'now' }))
}

/** Ignores a refusal of Stripe, which may have lost the subscription: it ends here in any case. */
async function orRefused(
  { logger }: Pick<ActivityParts, 'logger'>,
  before: Subscription,
  request: () => Promise<void>,
): Promise<void> {
  try {
    await askStripe(request)
  } catch (error) {
    if (!(error instanceof ApplicationFailure) || error.nonRetryable !== true) throw error
    logger.warn(
      { err: error, subscriptionId: before.id },
      'Stripe refused to end a subscription that ends here',
    )
  }
}
