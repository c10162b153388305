import { noticeKey } from '../keys.ts'
import { endsForLackOfPayment } from '../subscription/access.ts'
import { isLive, type Subscription } from '../subscription/subscription.ts'
import { trialReminderAt } from '../subscription/trial.ts'
import { contentOf, invoiceContent, type Around, type NoticeContent } from './letter-content.ts'

export const NOTICE_KINDS = [
  'subscription_confirmed',
  'trial_started',
  'trial_ending',
  'trial_converted',
  'subscription_renewed',
  'payment_failed',
  'payment_action_required',
  'payment_received',
  'payment_refunded',
  'access_lost',
  'plan_changed',
  'plan_change_scheduled',
  'cancellation_scheduled',
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

/**
 * Letters that follow from a change of a subscription; for those about invoices see `noticesOfInvoice`.
 *
 * A transition (pause, plan change) is keyed by the write that made it, a state (trial ending) by its own data. So each
 * fact is sent once, however often it is observed.
 */
export function noticesFor(
  before: Subscription,
  after: Subscription,
  around: Around,
  at: Date,
): Notice[] {
  const { plan } = around
  const content = contentOf(after, around)
  const add = (kind: NoticeKind, fact: string, more: Partial<NoticeContent> = {}): Notice => ({
    key: noticeKey(after.id, fact),
    kind,
    content: { ...content, ...more },
  })
  const began = after.anchor?.toISOString()
  const notices: Notice[] = []
  if (hasBegun(before, after)) {
    if (after.status === 'active')
      notices.push(
        add('subscription_confirmed', `confirmed/${plan.id}/${began}`, paidFirst(around)),
      )
    if (after.status === 'trialing')
      notices.push(add('trial_started', `trial_started/${plan.id}/${began}`))
  } else if (isLive(after.status)) notices.push(...ofTransition(before, after, around, add, at))
  if (isTrialEnding(after, at))
    notices.push(add('trial_ending', `trial_ending/${after.trialEnd?.toISOString()}`))
  if (before.status !== 'canceled' && after.status === 'canceled')
    notices.push(add('subscription_canceled', 'canceled'))
  return notices
}

type Add = (kind: NoticeKind, fact: string, more?: Partial<NoticeContent>) => Notice

/** Letters about a running subscription, keyed by the write. */
function ofTransition(
  before: Subscription,
  after: Subscription,
  around: Around,
  add: Add,
  at: Date,
): Notice[] {
  const write = before.observedSeq + 1
  const notices: Notice[] = []
  if (before.planVersionId !== after.planVersionId)
    notices.push(add('plan_changed', `plan_changed/${write}`, paidForChange(around)))
  if (isNewlyScheduled(before, after))
    notices.push(add('plan_change_scheduled', `plan_change_scheduled/${write}`))
  if (after.cancelAt !== null && before.cancelAt?.getTime() !== after.cancelAt.getTime())
    notices.push(add('cancellation_scheduled', `cancellation_scheduled/${write}`))
  if (before.status === 'trialing' && after.status === 'active' && paidForChange(around).invoice)
    notices.push(add('trial_converted', `converted/${write}`, paidForChange(around)))
  if (before.status !== 'paused' && after.status === 'paused')
    notices.push(add('subscription_paused', `paused/${write}`))
  if (before.status === 'paused' && after.status !== 'paused')
    notices.push(add('subscription_resumed', `resumed/${write}`))
  if (endsForLackOfPayment(before, after, at))
    notices.push(add('access_lost', `access_lost/${write}`, owed(around)))
  return notices
}

function isNewlyScheduled(before: Subscription, after: Subscription): boolean {
  const [was, is] = [before.pendingChange, after.pendingChange]
  if (is?.kind !== 'scheduled') return false
  return was?.kind !== 'scheduled' || was.planVersionId !== is.planVersionId
}

const paidFirst = ({ invoice }: Around) =>
  invoice?.reason === 'subscription_create' && invoice.status === 'paid'
    ? invoiceContent(invoice)
    : {}

/** A change at the end of a period has no invoice of its own: the renewal's letter names what was charged. */
const paidForChange = ({ invoice }: Around): Pick<NoticeContent, 'invoice'> =>
  invoice?.reason === 'subscription_update' && invoice.status === 'paid'
    ? invoiceContent(invoice)
    : {}

const owed = ({ invoice }: Around) =>
  invoice?.status === 'open'
    ? { ...invoiceContent(invoice), amountMinor: invoice.amountDueMinor, payUrl: invoice.hostedUrl }
    : {}

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
