import { subscriptionId } from '../domain/ids.ts'
import type { CancellationTime } from '../domain/moves.ts'
import { endFree } from '../domain/renewal.ts'
import type { Subscription } from '../domain/subscription.ts'
import type { MoveAnswer, MoveRefusal, SubscriptionView } from '../workflows/contract.ts'
import type { ActivityDependencies } from './dependencies.ts'
import { createObservationActivities } from './observation.ts'
import { createRecorder } from './recorder.ts'
import { askStripe } from './stripe-failure.ts'

export type CancellationRequest = {
  readonly subscriptionId: string
  /** `now`, `period_end`, an ISO 8601 instant, or null to withdraw. */
  readonly when: string | null
  readonly at: string
}

export type MoveOutcome = { readonly answer: MoveAnswer; readonly view: SubscriptionView }

export function createCancellationActivities(dependencies: ActivityDependencies) {
  const { repositories, stripe } = dependencies
  const { plans, subscriptions } = repositories
  const { record, view } = createRecorder(dependencies)
  const observation = createObservationActivities(dependencies)

  async function refuse(before: Subscription, code: MoveRefusal): Promise<MoveOutcome> {
    const plan = await plans.getVersion(before.planVersionId)
    return { answer: { kind: 'refused', code }, view: await view(before, plan) }
  }

  /** Stripe does not know it: the end is ours to set. */
  async function changeFree(before: Subscription, when: CancellationTime | null, at: Date) {
    const plan = await plans.getVersion(before.planVersionId)
    const end = when === 'period_end' ? (before.period?.end ?? at) : when
    const after = end === 'now' ? endFree(before, at) : { ...before, cancelAt: end }
    return record({ before, after, plan, at, actor: 'user', cause: 'cancellation' })
  }

  return {
    /**
     * Ends a subscription, schedules its end, or withdraws that; then reads Stripe, and takes over what it says. An open
     * page to pay on is closed. Running it twice finds it done.
     */
    async changeCancellation(request: CancellationRequest): Promise<MoveOutcome> {
      const id = subscriptionId(request.subscriptionId)
      const at = new Date(request.at)
      const when = timeOf(request.when)
      const before = await subscriptions.find(id)
      if (before === undefined) throw new Error(`subscription ${id} has no row`)
      if (when === null && before.cancelAt === null) return refuse(before, 'nothing_to_withdraw')
      const { checkout, stripeSubscriptionId } = before
      if (checkout !== null && (when === 'now' || before.status === 'incomplete')) {
        const end = await askStripe(() => stripe.expireCheckout(checkout.sessionId))
        if (end === 'complete') return refuse(before, 'checkout_already_paid')
      }
      if (before.status === 'incomplete' || stripeSubscriptionId !== null) {
        if (stripeSubscriptionId !== null)
          await askStripe(() =>
            stripe.changeCancellation({
              subscriptionId: id,
              stripeSubscriptionId,
              at: when,
              generation: before.observedSeq,
            }),
          )
        const seen = await observation.observe({
          ...request,
          cause: 'cancellation',
          eventIds: [],
          actor: 'user',
        })
        return { answer: { kind: 'done', status: seen.status }, view: seen }
      }
      const changed = await changeFree(before, when, at)
      return { answer: { kind: 'done', status: changed.status }, view: changed }
    },
  }
}

function timeOf(when: string | null): CancellationTime | null {
  return when === null || when === 'now' || when === 'period_end' ? when : new Date(when)
}
