import { pauseFree, resumeFree } from '../domain/subscription/renewal.ts'
import type { ActivityDependencies } from './dependencies.ts'
import { createCommands, type CommandOrder, type CommandOutcome } from './move.ts'
import { askStripe } from './stripe-failure.ts'

export type PauseOrder = CommandOrder & {
  /** When it goes on by itself, ISO 8601; null when somebody resumes it. */
  readonly resumesAt: string | null
}

export function createPauseActivities(dependencies: ActivityDependencies) {
  const { stripe, repositories } = dependencies
  const { load, seen, written } = createCommands(dependencies)

  return {
    /**
     * Stops a subscription: no access, no bills, and what is left of the paid period is credited to the next one. What
     * was pending gives way. Running it twice finds it paused.
     */
    async pause(request: PauseOrder): Promise<CommandOutcome> {
      const before = await load(request.subscriptionId)
      const resumesAt = request.resumesAt === null ? null : new Date(request.resumesAt)
      const step = { at: new Date(request.at), actor: request.actor, cause: 'pause' }
      const { stripeSubscriptionId } = before
      if (stripeSubscriptionId === null)
        return written(
          before,
          { ...pauseFree(before, resumesAt), pendingChange: null, cancelAt: null },
          step,
        )
      const { generation } = request
      const order = { subscriptionId: before.id, stripeSubscriptionId, generation }
      await askStripe(async () => {
        await stripe.dropPendingChange(order)
        // Also what leads to a free plan is a cancellation at Stripe.
        if (before.cancelAt !== null || before.pendingChange !== null)
          await stripe.changeCancellation({ ...order, at: null })
        await stripe.pause(order)
      })
      return seen(before, { ...step, assume: { pendingChange: null, resumesAt } })
    },

    /**
     * Lets a paused subscription go on with a new period from now, once that is paid. Running it twice finds it running, or
     * waiting for the same bill.
     */
    async resume(request: CommandOrder): Promise<CommandOutcome> {
      const before = await load(request.subscriptionId)
      const at = new Date(request.at)
      const step = { at, actor: request.actor, cause: 'resume' }
      const { stripeSubscriptionId } = before
      if (stripeSubscriptionId === null) {
        const plan = await repositories.plans.getVersion(before.planVersionId)
        return written(before, resumeFree(before, plan, at), step)
      }
      const { generation } = request
      const order = { subscriptionId: before.id, stripeSubscriptionId, generation }
      await askStripe(() => stripe.resume(order))
      // Asked for once: a resumption that is not paid does not come again by itself.
      return seen(before, { ...step, assume: { resumesAt: null } })
    },
  }
}
