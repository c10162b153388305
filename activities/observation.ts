import type { SubscriptionView } from '../workflows/contract.ts'
import type { ActivityDependencies } from './dependencies.ts'
import { createSnapshotApplication } from './takeover.ts'

export type ObserveRequest = {
  readonly subscriptionId: string
  readonly at: string
  /** Absent where the events are the cause, or somebody just asked. */
  readonly cause?: string
  readonly eventIds: readonly string[]
  /** A subscription at Stripe that the events tell of, while ours is not known there. */
  readonly joins?: string
}

export function createObservationActivities(dependencies: ActivityDependencies) {
  const { load, takeOver } = createSnapshotApplication(dependencies)

  return {
    /** Reads Stripe and takes over what it says. Running it twice reads again, and finds nothing left to tell. */
    async observe({ subscriptionId, ...request }: ObserveRequest): Promise<SubscriptionView> {
      const { eventIds } = request
      const cause = request.cause ?? (eventIds.length > 0 ? eventIds.join(' ') : 'asked')
      const before = await load(subscriptionId)
      return takeOver(before, {
        at: new Date(request.at),
        actor: 'stripe',
        cause,
        eventIds,
        ...(request.joins !== undefined && { joins: request.joins }),
      })
    },
  }
}
