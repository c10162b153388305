import type { UsageAlertRepository } from '../../domain/usage/alert.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { SubscriptionWorkflows } from './subscriptions.ts'

/** Alerts per round. A burst takes several rounds. */
const BATCH_MAX = 200

/** The parts of `forwardUsageAlerts`. */
export type UsageAlertParts = {
  readonly usageAlerts: UsageAlertRepository
  readonly workflows: Pick<SubscriptionWorkflows, 'signal'>
  readonly logger: Logger
}

/**
 * Signals workflows whose subscription reached a usage threshold. The signal carries no details: the workflow looks up its
 * pending alerts. So a second signal, also from another process, sends no second letter.
 *
 * @returns how many workflows were due for a signal
 */
export async function forwardUsageAlerts(
  { usageAlerts, workflows, logger }: UsageAlertParts,
  at: Date,
): Promise<number> {
  const claimed = await usageAlerts.claimDue(at, BATCH_MAX)
  await Promise.all(
    claimed.map(async (id) => {
      try {
        const outcome = await workflows.signal(id, { kind: 'thresholdCrossed' })
        if (outcome === 'closed')
          await usageAlerts.skip(id, 'the subscription has no open workflow')
      } catch (error) {
        logger.warn({ err: error, subscriptionId: id }, 'a usage alert was not signaled yet')
      }
    }),
  )
  return claimed.length
}
