import type { SubscriptionId } from '../ids.ts'
import { letterKey } from '../keys.ts'
import type { Letter } from '../customer/letter.ts'
import { contentOf } from '../customer/letter-content.ts'
import type { PlanVersion } from '../catalogue/plan.ts'
import { isoOrNever } from './quota-window.ts'
import type { Subscription } from '../subscription/subscription.ts'
import { factsOf, type Change } from '../subscription/timeline.ts'

/**
 * A threshold reached in a window. Stored in the same transaction as the usage, once per window and threshold, and again
 * when the limit is higher than before.
 */
export type UsageAlert = {
  readonly subscriptionId: SubscriptionId
  readonly featureId: string
  readonly feature: string
  readonly featureName: string
  readonly windowStart: Date
  readonly windowEnd: Date
  /** In per cent of the window's limit; the limit includes rollover and usable grants. */
  readonly threshold: number
  /** At the moment when the threshold was reached. */
  readonly usedAmount: number
  readonly quotaLimit: number
}

/** Thresholds that were reached and are to be reported. */
export type UsageAlertRepository = {
  /** Subscriptions with alerts to send to their workflow. Each alert becomes due again at growing intervals until done. */
  readonly claimDue: (at: Date, limit: number) => Promise<SubscriptionId[]>
  readonly listPending: (subscriptionId: SubscriptionId, limit: number) => Promise<UsageAlert[]>
  /** Drops the alerts of a subscription that has ended. */
  readonly skip: (subscriptionId: SubscriptionId, reason: string) => Promise<void>
}

/** The cause shown in the timeline. */
export const causeOfAlert = ({ feature, threshold, usedAmount, quotaLimit }: UsageAlert): string =>
  `${feature} reached ${threshold} % of its quota: ${usedAmount} of ${quotaLimit}`

/** The timeline entry and the letter of an alert. The letter's key contains window, threshold and limit, so it is sent once. */
export function entryAndLetterOf(
  alert: UsageAlert,
  subscription: Subscription,
  plan: PlanVersion,
): { readonly change: Change; readonly letter: Letter } {
  const { featureId, windowStart, threshold, quotaLimit } = alert
  const facts = factsOf(subscription)
  return {
    change: { kind: 'quota_threshold', before: facts, after: facts },
    letter: {
      key: letterKey(
        subscription.id,
        `quota/${featureId}/${windowStart.toISOString()}/${threshold}/${quotaLimit}`,
      ),
      kind: 'quota_threshold',
      content: {
        ...contentOf(subscription, { plan }),
        quota: {
          feature: alert.featureName,
          threshold,
          usedAmount: alert.usedAmount,
          quotaLimit: alert.quotaLimit,
          resetsAt: isoOrNever(alert.windowEnd),
        },
      },
    },
  }
}
