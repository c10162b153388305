import type { SubscriptionView } from '../workflows/contract.ts'
import { subscriptionId } from '../domain/ids.ts'
import { renewFree } from '../domain/subscription/renewal.ts'
import type { ActivityDependencies } from './dependencies.ts'
import { createRecorder } from './recorder.ts'

export type RenewRequest = {
  readonly subscriptionId: string
  readonly at: string
  readonly cause: string
}

export function createRenewalActivities(dependencies: ActivityDependencies) {
  const { plans, subscriptions } = dependencies.repositories
  const { record } = createRecorder(dependencies)

  return {
    /**
     * What time alone brings: opens the quota windows that hold `at`, and the period of a plan that renews by itself.
     * Running it twice finds both open and changes nothing.
     */
    async renew({ at: instant, cause, ...request }: RenewRequest): Promise<SubscriptionView> {
      const at = new Date(instant)
      const before = await subscriptions.find(subscriptionId(request.subscriptionId))
      if (before === undefined) throw new Error(`subscription ${request.subscriptionId} has no row`)
      const held = await plans.getVersion(before.planVersionId)
      const { pendingChange: pending } = before
      const pendingPlan = pending && (await plans.getVersion(pending.planVersionId))
      const after =
        before.stripeSubscriptionId === null ? renewFree(before, held, pendingPlan, at) : before
      const plan =
        after.planVersionId === held.id ? held : await plans.getVersion(after.planVersionId)
      return record({ before, after, plan, at, actor: 'time', cause })
    },
  }
}
