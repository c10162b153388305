import { noticeKey } from './keys.ts'
import { isFree, type PlanVersion } from './plan.ts'
import type { Subscription } from './subscription.ts'
import { isRenewal } from './timeline.ts'

export const NOTICE_KINDS = [
  'subscription_confirmed',
  'trial_started',
  'subscription_renewed',
  'payment_failed',
  'subscription_canceled',
  'quota_threshold',
] as const
export type NoticeKind = (typeof NOTICE_KINDS)[number]

/** A message to a customer. Its key names the fact; whom it reaches and in which words is decided when it is sent. */
export type Notice = {
  readonly key: string
  readonly kind: NoticeKind
  readonly content: NoticeContent
}

/** What the message tells; no personal data. Instants are ISO 8601. */
export type NoticeContent = {
  readonly planName: string
  readonly amountMinor: number
  readonly currency: string
  readonly periodEnd: string | null
  readonly trialEnd: string | null
  /** What a feature's usage reached. */
  readonly quota?: {
    readonly feature: string
    readonly threshold: number
    readonly usedAmount: number
    readonly quotaLimit: number
    readonly resetsAt: string | null
  }
}

/** The messages that follow from what became of a subscription: one key per fact, however often it is observed. */
export function noticesFor(before: Subscription, after: Subscription, plan: PlanVersion): Notice[] {
  const notices: Notice[] = []
  const tell = (kind: NoticeKind, fact: string) =>
    notices.push({ key: noticeKey(after.id, fact), kind, content: contentOf(after, plan) })

  const began = before.status === 'incomplete' || before.planVersionId !== after.planVersionId
  if (after.status === 'active' && began) tell('subscription_confirmed', `confirmed/${plan.id}`)
  if (after.status === 'trialing' && began) tell('trial_started', `trial_started/${plan.id}`)
  const renewedOn = after.period?.start.toISOString()
  if (after.status === 'active' && isRenewal(before, after) && !isFree(plan))
    tell('subscription_renewed', `renewed/${renewedOn}`)
  if (before.status !== 'past_due' && after.status === 'past_due')
    tell('payment_failed', `payment_failed/${after.pastDueSince?.toISOString()}`)
  if (before.status !== 'canceled' && after.status === 'canceled')
    tell('subscription_canceled', 'canceled')
  return notices
}

const contentOf = (subscription: Subscription, plan: PlanVersion): NoticeContent => ({
  planName: plan.name,
  amountMinor: plan.price.amountMinor,
  currency: plan.price.currency,
  periodEnd: subscription.period?.end.toISOString() ?? null,
  trialEnd: subscription.trialEnd?.toISOString() ?? null,
})
