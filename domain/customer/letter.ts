import type { Invoice } from '../invoice/invoice.ts'
import { failedAttempts, isFirst, isOfRenewal } from '../invoice/invoice.ts'
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
  /** When Stripe tries to collect again; null when it does not by itself. */
  readonly nextAttempt: string | null
  /** Stripe's page where the bill can be paid. */
  readonly payUrl: string | null
}

/** Stripe delivers for three days; what a bill tells later than that is history and no news. */
const NEWS_MAX_MS = 4 * 86_400_000

/**
 * The messages that follow from what became of a subscription at `at`. A fact that is found by its transition is named
 * by the write that made it, one that is found by the state (a trial that is ending) by what the state says; so each is
 * told once, however often it is observed. What a bill tells is not told here: see `noticesOfInvoice`.
 */
export function noticesFor(
  before: Subscription,
  after: Subscription,
  plan: PlanVersion,
  at: Date,
): Notice[] {
  const notices: Notice[] = []
  const tell = (kind: NoticeKind, fact: string) =>
    notices.push({ key: noticeKey(after.id, fact), kind, content: contentOf(after, plan) })
  const write = before.observedSeq + 1

  if (hasBegun(before, after)) {
    const began = after.anchor?.toISOString()
    if (after.status === 'active') tell('subscription_confirmed', `confirmed/${plan.id}/${began}`)
    if (after.status === 'trialing') tell('trial_started', `trial_started/${plan.id}/${began}`)
  } else if (isLive(after.status)) {
    if (before.planVersionId !== after.planVersionId) tell('plan_changed', `plan_changed/${write}`)
    if (before.status !== 'paused' && after.status === 'paused')
      tell('subscription_paused', `paused/${write}`)
    if (before.status === 'paused' && after.status !== 'paused')
      tell('subscription_resumed', `resumed/${write}`)
  }
  if (isTrialEnding(after, at))
    tell('trial_ending', `trial_ending/${after.trialEnd?.toISOString()}`)
  if (before.status !== 'canceled' && after.status === 'canceled')
    tell('subscription_canceled', 'canceled')
  return notices
}

/** A first activation, or a purchase on a page: Stripe begins to bill what was free before. */
const hasBegun = (before: Subscription, after: Subscription): boolean =>
  before.status === 'incomplete' ||
  (before.planVersionId !== after.planVersionId &&
    before.stripeSubscriptionId === null &&
    after.stripeSubscriptionId !== null)

/** A trial that is no longer than that was announced when it began. */
function isTrialEnding({ status, trialEnd, period, cancelAt }: Subscription, at: Date): boolean {
  if (status !== 'trialing' || trialEnd === null || period === null || cancelAt !== null)
    return false
  // A shorter trial was announced when it began.
  const reminder = trialReminderAt(trialEnd)
  return period.start < reminder && reminder <= at && at < trialEnd
}

/**
 * The messages that follow from how a bill stands. They look at its present state alone and are named by it, so that a
 * bill which is read ten times, late, or by two processes tells each fact once: a renewal when its money is in, and one
 * failure per attempt of Stripe's.
 */
export function noticesOfInvoice(
  invoice: Invoice,
  subscription: Subscription,
  plan: PlanVersion,
  at: Date,
): Notice[] {
  if (isFirst(invoice)) return []
  const { id, status, collection, paidAt, nextPaymentAttempt } = invoice
  const tell = (kind: NoticeKind, fact: string, amountMinor: number): Notice => ({
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
    const isTold = isNews && isOfRenewal(invoice) && !isFree(plan)
    return isTold ? [tell('subscription_renewed', `renewed/${id}`, invoice.amountPaidMinor)] : []
  }
  if (status !== 'open') return []
  const due = invoice.amountDueMinor
  const attempt = failedAttempts(invoice)
  if (collection === 'action_required')
    return [tell('payment_action_required', collectionFact('action_required', id, attempt), due)]
  if (collection === 'declined')
    return [tell('payment_failed', collectionFact('payment_failed', id, attempt), due)]
  return []
}

/**
 * How the keys begin of what a customer was told about collecting this bill. What of it was not sent yet when the bill
 * stands otherwise is no news any more: nobody is asked to pay what is paid.
 */
export const collectionLetterPrefixes = ({
  id,
  subscriptionId,
}: Pick<Invoice, 'id' | 'subscriptionId'>): string[] => [
  noticeKey(subscriptionId, collectionFact('payment_failed', id, '')),
  noticeKey(subscriptionId, collectionFact('action_required', id, '')),
]

const contentOf = (subscription: Subscription, plan: PlanVersion): NoticeContent => ({
  planName: plan.name,
  amountMinor: plan.price.amountMinor,
  currency: plan.price.currency,
  periodEnd: subscription.period?.end.toISOString() ?? null,
  trialEnd: subscription.trialEnd?.toISOString() ?? null,
  nextAttempt: null,
  payUrl: null,
})
