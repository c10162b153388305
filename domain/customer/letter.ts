import { failedAttempts, type Invoice, isFirst, isOfRenewal } from '../invoice/invoice.ts'
import { collectionFact, noticeKey } from '../keys.ts'
import { isFree, type PlanVersion } from '../catalogue/plan.ts'
import { isLive, type Subscription } from '../subscription/subscription.ts'
import { trialReminderAt } from '../subscription/trial.ts'

export const NOTICE_KINDS = [
  'subscription_confirmed',
  'trial_started',
  'trial_ending',
  'subscription_renewed',
  'payment_failed',
  'payment_action_required',
  'plan_changed',
  'subscription_paused',
  'subscription_resumed',
  'subscription_canceled',
  'quota_threshold',
] as const
export type NoticeKind = (typeof NOTICE_KINDS)[number]

/** A letter to a customer. The key identifies the fact; address and language are chosen when it is sent. */
export type Notice = {
  readonly key: string
  readonly kind: NoticeKind
  readonly content: NoticeContent
}

/** The data of a letter, without personal data. Instants are ISO 8601. */
export type NoticeContent = {
  readonly planName: string
  readonly amountMinor: number
  readonly currency: string
  readonly periodEnd: string | null
  readonly trialEnd: string | null
  /** The threshold that a feature's usage reached, in per cent of the limit. */
  readonly quota?: {
    readonly feature: string
    readonly threshold: number
    readonly usedAmount: number
    readonly quotaLimit: number
    readonly resetsAt: string | null
  }
  /** When Stripe retries the payment; null when it does not retry. */
  readonly nextAttempt: string | null
  /** Stripe's page on which the invoice can be paid. */
  readonly payUrl: string | null
}

/** Stripe retries webhooks for three days; a payment seen later than that is too old for a letter. @see https://docs.stripe.com/webhooks#automatic-retries */
const NEWS_MAX_MS = 4 * 86_400_000

/**
 * Letters that follow from a change of a subscription; for those about invoices see `noticesOfInvoice`.
 *
 * A transition (pause, plan change) is keyed by the write that made it, a state (trial ending) by its own data. So each
 * fact is sent once, however often it is observed.
 */
export function noticesFor(
  before: Subscription,
  after: Subscription,
  plan: PlanVersion,
  at: Date,
): Notice[] {
  const notices: Notice[] = []
  const add = (kind: NoticeKind, fact: string) =>
    notices.push({ key: noticeKey(after.id, fact), kind, content: contentOf(after, plan) })
  const write = before.observedSeq + 1

  if (hasBegun(before, after)) {
    const began = after.anchor?.toISOString()
    if (after.status === 'active') add('subscription_confirmed', `confirmed/${plan.id}/${began}`)
    if (after.status === 'trialing') add('trial_started', `trial_started/${plan.id}/${began}`)
  } else if (isLive(after.status)) {
    if (before.planVersionId !== after.planVersionId) add('plan_changed', `plan_changed/${write}`)
    if (before.status !== 'paused' && after.status === 'paused')
      add('subscription_paused', `paused/${write}`)
    if (before.status === 'paused' && after.status !== 'paused')
      add('subscription_resumed', `resumed/${write}`)
  }
  if (isTrialEnding(after, at)) add('trial_ending', `trial_ending/${after.trialEnd?.toISOString()}`)
  if (before.status !== 'canceled' && after.status === 'canceled')
    add('subscription_canceled', 'canceled')
  return notices
}

/** A first activation, or the purchase of a paid plan by the customer of a free one. */
const hasBegun = (before: Subscription, after: Subscription): boolean =>
  before.status === 'incomplete' ||
  (before.planVersionId !== after.planVersionId &&
    before.stripeSubscriptionId === null &&
    after.stripeSubscriptionId !== null)

function isTrialEnding({ status, trialEnd, period, cancelAt }: Subscription, at: Date): boolean {
  if (status !== 'trialing' || trialEnd === null || period === null || cancelAt !== null)
    return false
  // The letter at the start of a trial already announced an end before the reminder.
  const reminder = trialReminderAt(trialEnd)
  return period.start < reminder && reminder <= at && at < trialEnd
}

/**
 * Letters about an invoice: a paid renewal, and each failed attempt of Stripe to collect it.
 *
 * They depend on the invoice's present state alone and are keyed by it. So each fact is sent once, even if the invoice is
 * read ten times, late, or by two processes.
 */
export function noticesOfInvoice(
  invoice: Invoice,
  subscription: Subscription,
  plan: PlanVersion,
  at: Date,
): Notice[] {
  if (isFirst(invoice)) return []
  const { id, status, collection, paidAt, nextPaymentAttempt } = invoice
  const letter = (kind: NoticeKind, fact: string, amountMinor: number): Notice => ({
    key: noticeKey(subscription.id, fact),
    kind,
    content: {
      ...contentOf(subscription, plan),
      amountMinor,
      currency: invoice.currency,
      periodEnd: invoice.period.end.toISOString(),
      nextAttempt: nextPaymentAttempt?.toISOString() ?? null,
      payUrl: invoice.hostedUrl,
    },
  })
  if (status === 'paid') {
    const isNews = paidAt !== null && at.getTime() - paidAt.getTime() < NEWS_MAX_MS
    const isSent = isNews && isOfRenewal(invoice) && !isFree(plan)
    return isSent ? [letter('subscription_renewed', `renewed/${id}`, invoice.amountPaidMinor)] : []
  }
  if (status !== 'open') return []
  const due = invoice.amountDueMinor
  const attempt = failedAttempts(invoice)
  if (collection === 'action_required')
    return [letter('payment_action_required', collectionFact('action_required', id, attempt), due)]
  if (collection === 'declined')
    return [letter('payment_failed', collectionFact('payment_failed', id, attempt), due)]
  return []
}

/**
 * Prefixes of the keys of all letters about failed payments of this invoice. Unsent letters with these keys are dropped
 * when the invoice's state changes, so that no customer is asked to pay a paid invoice.
 */
export const collectionLetterPrefixes = ({
  id,
  subscriptionId,
}: Pick<Invoice, 'id' | 'subscriptionId'>): string[] => [
  noticeKey(subscriptionId, collectionFact('payment_failed', id, '')),
  noticeKey(subscriptionId, collectionFact('action_required', id, '')),
]

/** The content of a letter about a subscription; letters about invoices and quotas add to it. */
export const contentOf = (subscription: Subscription, plan: PlanVersion): NoticeContent => ({
  planName: plan.name,
  amountMinor: plan.price.amountMinor,
  currency: plan.price.currency,
  periodEnd: subscription.period?.end.toISOString() ?? null,
  trialEnd: subscription.trialEnd?.toISOString() ?? null,
  nextAttempt: null,
  payUrl: null,
})
