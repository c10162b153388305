import type { UsageAlertRepository } from '../../domain/usage/alert.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { SubscriptionWorkflows } from './subscriptions.ts'

/** One round takes this many alerts; a burst takes several rounds. */
const BATCH_MAX = 200

export type UsageAlertForwarding = {
  readonly usageAlerts: UsageAlertRepository
  readonly workflows: Pick<SubscriptionWorkflows, 'tell'>
  readonly logger: Logger
}

/**
 * Tells workflows that a threshold was reached, and answers how many were told. The fact names nothing: the workflow's
 * step looks up what is pending, so telling twice, or by two processes, costs a signal and tells the customer once.
 */
export async function forwardUsageAlerts(
  { usageAlerts, workflows, logger }: UsageAlertForwarding,
  at: Date,
): Promise<number> {
  const claimed = await usageAlerts.claimDue(at, BATCH_MAX)
  await Promise.all(
    claimed.map(async (id) => {
      try {
        const told = await workflows.tell(id, { kind: 'thresholdCrossed' })
        if (told === 'closed') await usageAlerts.skip(id, 'the subscription has no open workflow')
      } catch (error) {
        logger.warn({ err: error, subscriptionId: id }, 'an alert waits to be told')
      }
    }),
  )
  return claimed.length
}
