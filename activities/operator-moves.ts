import { ApplicationFailure } from '@temporalio/activity'
import { derivedUuid } from '../adapters/secrets/derived-uuid.ts'
import { subscriptionId } from '../domain/ids.ts'
import { operatorCommandKey } from '../domain/keys.ts'
import { endFree } from '../domain/subscription/renewal.ts'
import type { Subscription } from '../domain/subscription/subscription.ts'
import type { GrantAnswer } from '../workflows/contract.ts'
import type { ActivityDependencies } from './dependencies.ts'
import { createCommands, type CommandOutcome } from './move.ts'
import { askStripe } from './stripe-failure.ts'

/** Who asks for it and why, and the name of the update: the same for each retry. */
type WorkflowReply = {
  readonly subscriptionId: string
  readonly at: string
  readonly commandId: string
  readonly reason: string
  readonly keyId: string | null
  readonly askedBy: string | null
}

export type GrantOrder = WorkflowReply & {
  readonly feature: string
  readonly amount: number
  readonly expiresAt: string | null
}

export type ForceCancellationOrder = WorkflowReply & { readonly generation: number }

const actOf = ({ at, keyId, askedBy }: WorkflowReply) => ({ at: new Date(at), keyId, askedBy })

/** What only operators have done to a subscription. Each is in the list of actions, with its reason. */
export function createOperatorCommandActivities(dependencies: ActivityDependencies) {
  const { repositories, stripe, logger, webhooksChanged } = dependencies
  const { load, done, refuse, written } = createCommands(dependencies)

  /** Stripe may have lost what we ask it to end, or refuse: it is ended here all the same. */
  async function orRefused(ask: () => Promise<void>, before: Subscription): Promise<void> {
    try {
      await askStripe(ask)
    } catch (error) {
      if (!(error instanceof ApplicationFailure) || error.nonRetryable !== true) throw error
      logger.warn(
        { err: error, subscriptionId: before.id },
        'Stripe refused to end what is ended here',
      )
    }
  }

  async function endAtStripe(before: Subscription, generation: number): Promise<void> {
    const { id, stripeSubscriptionId } = before
    if (stripeSubscriptionId === null) return
    const order = { subscriptionId: id, stripeSubscriptionId, generation }
    await orRefused(() => stripe.dropPendingChange(order), before)
    await orRefused(() => stripe.changeCancellation({ ...order, at: 'now' }), before)
  }

  return {
    /**
     * Grants the user more of a feature, with an entry of the timeline. Running it twice finds it granted: its id is made
     * of the update's.
     */
    async grantUsage(order: GrantOrder): Promise<GrantAnswer> {
      const id = subscriptionId(order.subscriptionId)
      const subscription = await load(id)
      const grantId = derivedUuid(operatorCommandKey(id, order.commandId))
      const { feature, amount, reason } = order
      const expiresAt = order.expiresAt === null ? null : new Date(order.expiresAt)
      const given = { id: grantId, feature, amount, reason, expiresAt }
      const outcome = await repositories.usageExtras.grantTo(subscription, given, actOf(order))
      webhooksChanged()
      return outcome.kind === 'granted'
        ? { kind: 'granted', grantId }
        : { kind: 'refused', code: outcome.because }
    },

    /**
     * Ends a subscription now, in whatever state it is here or at Stripe. Who asked is noted first, so that nothing ends
     * unnoted. Running it twice finds it ended, and noted once.
     */
    async forceCancellation(order: ForceCancellationOrder): Promise<CommandOutcome> {
      const before = await load(order.subscriptionId)
      const { checkout } = before
      if (checkout !== null) {
        const end = await askStripe(() => stripe.expireCheckout(checkout.sessionId))
        // Somebody has just paid: what they bought is not known here yet, and would go on at Stripe.
        if (end === 'complete') return refuse(before, 'checkout_already_paid')
      }
      const command = operatorCommandKey(before.id, order.commandId)
      await repositories.usageExtras.noteAction(
        command,
        {
          action: 'force_cancel',
          userId: before.userId,
          before: { subscription_id: before.id, status: before.status },
          after: { subscription_id: before.id, status: 'canceled', reason: order.reason },
        },
        actOf(order),
      )
      if (before.endedAt !== null) return done(before)
      await endAtStripe(before, order.generation)
      const at = new Date(order.at)
      const after = { ...endFree(before, at), pastDueSince: null, drift: null }
      return written(before, after, { at, actor: 'operator', cause: 'forced cancellation' })
    },
  }
}
