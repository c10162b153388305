import type { SubscriptionId } from '../ids.ts'
import { noticeKey } from '../keys.ts'
import type { Notice } from '../customer/letter.ts'
import type { PlanVersion } from '../catalogue/plan.ts'
import { FOREVER } from './quota-window.ts'
import type { Subscription } from '../subscription/subscription.ts'
import { factsOf, type Change } from '../subscription/timeline.ts'

/** A threshold that a window's usage reached: there is one per window and threshold, written with the usage. */
export type UsageAlert = {
  readonly subscriptionId: SubscriptionId
  readonly featureId: string
  readonly feature: string
  readonly featureName: string
  readonly windowStart: Date
  readonly windowEnd: Date
  /** In per cent of the window's limit, with what rolled over and without grants. */
  readonly threshold: number
  /** As it was when the threshold was reached. */
  readonly usedAmount: number
  readonly quotaLimit: number
}

export type UsageAlertRepository = {
  /** The subscriptions of alerts that are due to be told; each alert is due again later, less and less often. */
  readonly claimDue: (at: Date, limit: number) => Promise<SubscriptionId[]>
  readonly listPending: (subscriptionId: SubscriptionId, limit: number) => Promise<UsageAlert[]>
  /** Nobody is left to tell. */
  readonly skip: (subscriptionId: SubscriptionId, reason: string) => Promise<void>
}

/** What an operator reads as the cause of the entry. */
export const causeOfAlert = ({ feature, threshold, usedAmount, quotaLimit }: UsageAlert): string =>
  `${feature} reached ${threshold} % of its quota: ${usedAmount} of ${quotaLimit}`

/** The entry of the timeline and the message that tell an alert. The key names window and threshold, so it is told once. */
export function entryAndLetterOf(
  alert: UsageAlert,
  subscription: Subscription,
  plan: PlanVersion,
): { readonly change: Change; readonly notice: Notice } {
  const { featureId, windowStart, threshold } = alert
  const facts = factsOf(subscription)
  return {
    change: { kind: 'quota_threshold', before: facts, after: facts },
    notice: {
      key: noticeKey(
        subscription.id,
        `quota/${featureId}/${windowStart.toISOString()}/${threshold}`,
      ),
      kind: 'quota_threshold',
      content: {
        planName: plan.name,
        amountMinor: plan.price.amountMinor,
        currency: plan.price.currency,
        periodEnd: subscription.period?.end.toISOString() ?? null,
        trialEnd: subscription.trialEnd?.toISOString() ?? null,
        nextAttempt: null,
        payUrl: null,
        quota: {
          feature: alert.featureName,
          threshold,
          usedAmount: alert.usedAmount,
          quotaLimit: alert.quotaLimit,
          resetsAt: alert.windowEnd >= FOREVER ? null : alert.windowEnd.toISOString(),
        },
      },
    },
  }
}
