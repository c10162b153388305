import type { SubscriptionView } from '../workflows/contract.ts'
import type { ActivityDependencies } from './dependencies.ts'
import { createTakeover } from './takeover.ts'

export type ObserveRequest = {
  readonly subscriptionId: string
  readonly at: string
  readonly cause: string
  readonly eventIds: readonly string[]
}

export function createObservationActivities(dependencies: ActivityDependencies) {
  const { load, takeOver } = createTakeover(dependencies)

  return {
    /** Reads Stripe and takes over what it says. Running it twice reads again, and finds nothing left to tell. */
    async observe({ subscriptionId, at, ...request }: ObserveRequest): Promise<SubscriptionView> {
      const before = await load(subscriptionId)
      return takeOver(before, { ...request, at: new Date(at), actor: 'stripe' })
    },
  }
}
