import { isOver } from '../domain/subscription/subscription.ts'
import { causeOfAlert } from '../domain/usage/alert.ts'
import type { SubscriptionView } from '../workflows/contract.ts'
import { load } from './apply-snapshot.ts'
import { record, viewOf, type RecordParts } from './record.ts'

/** The subscription whose reached thresholds are published. `at` is ISO 8601. */
export type PublishAlertsRequest = { readonly subscriptionId: string; readonly at: string }

/** Thresholds in one run; the next run publishes the rest. */
const ALERTS_MAX = 20

/**
 * Publishes the thresholds that usage has reached: for each a timeline entry and a letter, in the transaction that marks
 * the alert as published. Running it twice finds nothing left to publish.
 */
export async function tellAlerts(
  parts: RecordParts,
  request: PublishAlertsRequest,
): Promise<SubscriptionView> {
  const { plans, usageAlerts } = parts.repositories
  const at = new Date(request.at)
  let subscription = await load(parts, request.subscriptionId)
  const { id } = subscription
  const plan = await plans.getVersion(subscription.planVersionId)
  if (isOver(subscription)) {
    await usageAlerts.skip(id, 'the subscription has ended')
    return viewOf(parts.repositories, subscription, plan)
  }
  for (const alert of await usageAlerts.listPending(id, ALERTS_MAX)) {
    const rule = { name: 'usage_alert', alert } as const
    const step = { before: subscription, rule, at, cause: causeOfAlert(alert) }
    await record(parts, { ...step, actor: 'user' })
    subscription = await load(parts, id)
  }
  return viewOf(parts.repositories, subscription, plan)
}
