import type { CancellationTime } from '../domain/subscription/commands.ts'
import { endFree } from '../domain/subscription/renewal.ts'
import type { Subscription } from '../domain/subscription/subscription.ts'
import type { ActivityDependencies } from './dependencies.ts'
import { createCommands, type CommandOrder, type CommandOutcome } from './move.ts'
import { askStripe } from './stripe-failure.ts'

export type CancellationRequest = CommandOrder & {
  /** `now`, `period_end`, an ISO 8601 instant, or null to withdraw. */
  readonly when: string | null
}

export function createCancellationActivities(dependencies: ActivityDependencies) {
  const { stripe } = dependencies
  const { load, done, refuse, seen, written } = createCommands(dependencies)

  return {
    /**
     * Ends a subscription, schedules its end, or withdraws that; then reads Stripe, and takes over what it says. An open
     * page to pay on is closed, and a change of plan that was pending gives way. Running it twice finds it done.
     */
    async changeCancellation(request: CancellationRequest): Promise<CommandOutcome> {
      const at = new Date(request.at)
      const before = await load(request.subscriptionId)
      const when = timeOf(request.when, before, at)
      if (when === null && before.cancelAt === null) return done(before)
      const { checkout, stripeSubscriptionId } = before
      if (checkout !== null && (when === 'now' || before.status === 'incomplete')) {
        const end = await askStripe(() => stripe.expireCheckout(checkout.sessionId))
        if (end === 'complete') return refuse(before, 'checkout_already_paid')
      }
      const step = { at, actor: request.actor, cause: 'cancellation' }
      if (stripeSubscriptionId !== null) {
        const { generation } = request
        const order = { subscriptionId: before.id, stripeSubscriptionId, generation }
        await askStripe(async () => {
          if (when !== null) await stripe.dropPendingChange(order)
          await stripe.changeCancellation({ ...order, at: when })
        })
        return seen(before, { ...step, assume: { pendingChange: null } })
      }
      if (before.status === 'incomplete') return seen(before, step)
      const end = when === 'period_end' ? (before.period?.end ?? at) : when
      const after =
        end === 'now' ? endFree(before, at) : { ...before, cancelAt: end, pendingChange: null }
      return written(before, after, step)
    },
  }
}

function timeOf(
  when: string | null,
  { period, status }: Subscription,
  at: Date,
): CancellationTime | null {
  // A pause may last longer than what was paid for.
  if (when === 'period_end' && status === 'paused' && period !== null && period.end <= at)
    return 'now'
  return when === null || when === 'now' || when === 'period_end' ? when : new Date(when)
}
