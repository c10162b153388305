import type { SubscriptionView } from '../workflows/contract.ts'
import { applySnapshot, load, type SnapshotParts } from './apply-snapshot.ts'

/** A reading of Stripe, and what caused it. `at` is ISO 8601. */
export type ObserveRequest = {
  readonly subscriptionId: string
  readonly at: string
  /** Absent when the events are the cause, or when a caller requested the observation. */
  readonly cause?: string
  readonly eventIds: readonly string[]
  /** A subscription at Stripe that the events belong to, while ours is not known there. */
  readonly joins?: string
}

/** Reads Stripe and applies the snapshot. Running it twice reads again and finds nothing new to write. */
export async function observe(
  parts: SnapshotParts,
  { subscriptionId, ...request }: ObserveRequest,
): Promise<SubscriptionView> {
  const { eventIds } = request
  const cause = request.cause ?? (eventIds.length > 0 ? eventIds.join(' ') : 'asked')
  const before = await load(parts, subscriptionId)
  return applySnapshot(parts, before, {
    at: new Date(request.at),
    actor: 'stripe',
    cause,
    eventIds,
    ...(request.joins !== undefined && { joins: request.joins }),
  })
}
