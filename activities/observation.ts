import { isCauseOfReconciliation } from '../domain/stripe/reconciliation.ts'
import type { SubscriptionView } from '../workflows/contract.ts'
import { applySnapshot, load, type SnapshotParts } from './apply-snapshot.ts'
import { addMeteredItems } from './metered-items.ts'

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

/**
 * Reads Stripe and applies the snapshot. Metered items that are missing there are added if a comparison or an operator is the cause,
 * or the subscription has just become the paid form of this one. Running it twice reads again and finds nothing new to write.
 */
export async function observe(
  parts: SnapshotParts,
  { subscriptionId, ...request }: ObserveRequest,
): Promise<SubscriptionView> {
  const { eventIds } = request
  const cause = request.cause ?? (eventIds.length > 0 ? eventIds.join(' ') : 'asked')
  const before = await load(parts, subscriptionId)
  const at = new Date(request.at)
  const { joins } = request
  const view = await applySnapshot(parts, before, {
    at,
    actor: 'stripe',
    cause,
    eventIds,
    ...(joins !== undefined && { joins }),
  })
  if (joins !== undefined || eventIds.every(isCauseOfReconciliation))
    await addMeteredItems(parts, subscriptionId, at)
  return view
}
