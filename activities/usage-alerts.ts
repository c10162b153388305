import type { SubscriptionView } from '../workflows/contract.ts'
import { subscriptionId } from '../domain/ids.ts'
import { isLive } from '../domain/subscription/subscription.ts'
import { causeOfAlert, entryAndLetterOf } from '../domain/usage/alert.ts'
import type { ActivityDependencies } from './dependencies.ts'
import { createRecorder } from './recorder.ts'

export type TellAlertsRequest = { readonly subscriptionId: string; readonly at: string }

/** More thresholds than this at once are told in the next round. */
const ALERTS_MAX = 20

export function createUsageAlertActivities(dependencies: ActivityDependencies) {
  const { plans, subscriptions, usageAlerts } = dependencies.repositories
  const { record, view } = createRecorder(dependencies)

  return {
    /**
     * Tells the thresholds that the usage of a subscription reached: an entry of the timeline and a message for each, in
     * the transaction that marks it told. Running it twice finds nothing left to tell.
     */
    async tellAlerts(request: TellAlertsRequest): Promise<SubscriptionView> {
      const id = subscriptionId(request.subscriptionId)
      const at = new Date(request.at)
      let subscription = await subscriptions.find(id)
      if (subscription === undefined) throw new Error(`subscription ${id} has no row`)
      const plan = await plans.getVersion(subscription.planVersionId)
      if (!isLive(subscription.status)) {
        await usageAlerts.skip(id, 'the subscription is over')
        return view(subscription, plan)
      }
      for (const alert of await usageAlerts.listPending(id, ALERTS_MAX)) {
        const { change, notice } = entryAndLetterOf(alert, subscription, plan)
        const cause = causeOfAlert(alert)
        const before = subscription
        await record({
          before,
          after: before,
          plan,
          at,
          actor: 'user',
          cause,
          telling: { change, notice, alert },
        })
        subscription = (await subscriptions.find(id)) ?? subscription
      }
      return view(subscription, plan)
    },
  }
}
