import type { ActivityDependencies } from './dependencies.ts'
import { createCommands, type CommandOrder, type CommandOutcome } from './move.ts'
import { askStripe } from './stripe-failure.ts'

export type TrialOrder = CommandOrder & {
  /** When the trial ends, ISO 8601; null ends it now. */
  readonly endsAt: string | null
}

export function createTrialActivities(dependencies: ActivityDependencies) {
  const { stripe } = dependencies
  const { load, seen } = createCommands(dependencies)

  return {
    /**
     * Moves the end of a trial. Ended now, the first period begins and is charged; a charge that is not paid leaves the
     * trial as it was and waits. Running it twice finds it done.
     */
    async changeTrial(request: TrialOrder): Promise<CommandOutcome> {
      const before = await load(request.subscriptionId)
      const { stripeSubscriptionId } = before
      if (stripeSubscriptionId === null) throw new Error(`${before.id} has a trial without Stripe`)
      const { generation, endsAt } = request
      const order = { subscriptionId: before.id, stripeSubscriptionId, generation }
      await askStripe(() =>
        stripe.changeTrial({ ...order, endsAt: endsAt === null ? 'now' : new Date(endsAt) }),
      )
      return seen(before, {
        at: new Date(request.at),
        actor: request.actor,
        cause: endsAt === null ? 'trial ended' : 'trial extended',
      })
    },
  }
}
