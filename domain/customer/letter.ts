import { sameAddons } from '../subscription/addons.ts'
import { letterKey } from '../keys.ts'
import { endsForLackOfPayment } from '../subscription/access.ts'
import { isFirstPaymentRefused } from '../subscription/first-payment.ts'
import { isLive, type Subscription } from '../subscription/subscription.ts'
import { trialReminderAt } from '../subscription/trial.ts'
import { contentOf, invoiceContent, type Around, type LetterContent } from './letter-content.ts'

/** The kinds of letters. `MAIL_DISABLED_KINDS` switches each off. */
export const LETTER_KINDS = [
  'subscription_confirmed',
  'trial_started',
  'trial_ending',
  'trial_converted',
  'trial_refused',
  'card_expiring',
  'subscription_renewed',
  'payment_failed',
  'payment_action_required',
  'invoice_issued',
  'invoice_overdue',
  'first_payment_failed',
  'payment_received',
  'payment_refunded',
  'access_lost',
  'plan_changed',
  'plan_change_scheduled',
  'plan_change_dropped',
  'cancellation_scheduled',
  'subscription_paused',
  'subscription_resumed',
  'subscription_canceled',
  'quota_threshold',
] as const
export type LetterKind = (typeof LETTER_KINDS)[number]

/** A letter to a customer. The key identifies the fact; address and language are chosen when it is sent. */
export type Letter = {
  readonly key: string
  readonly kind: LetterKind
  readonly content: LetterContent
}

/**
 * Letters that follow from a change of a subscription; for those about invoices see `lettersOfInvoice`.
 *
 * A transition (pause, plan change) is keyed by the write that made it, a state (trial ending) by its own data. So each
 * fact is sent once, however often it is observed.
 */
export function lettersFor(
  before: Subscription,
  after: Subscription,
  around: Around,
  at: Date,
): Letter[] {
  const { plan } = around
  const content = contentOf(after, around)
  const add = (kind: LetterKind, fact: string, more: Partial<LetterContent> = {}): Letter => ({
    key: letterKey(after.id, fact),
    kind,
    content: { ...content, ...more },
  })
  const began = after.anchor?.toISOString()
  const letters: Letter[] = []
  if (hasBegun(before, after)) {
    if (after.status === 'active')
      letters.push(
        add('subscription_confirmed', `confirmed/${plan.id}/${began}`, paidFirst(around)),
      )
    if (after.status === 'trialing')
      letters.push(add('trial_started', `trial_started/${plan.id}/${began}`))
  } else if (isLive(after.status)) letters.push(...ofTransition(before, after, around, add, at))
  if (around.isTrialRefused)
    letters.push(
      add('trial_refused', `trial_refused/${before.observedSeq + 1}`, paidForChange(around)),
    )
  if (isTrialEnding(after, at))
    letters.push(add('trial_ending', `trial_ending/${after.trialEnd?.toISOString()}`))
  // The letter about a refused trial also says that the subscription has ended.
  if (before.status !== 'canceled' && after.status === 'canceled' && !around.isTrialRefused)
    letters.push(add('subscription_canceled', 'canceled'))
  if (isFirstPaymentRefused(before, after))
    letters.push(
      add('first_payment_failed', `first_payment_failed/${before.observedSeq + 1}`, {
        planName: (around.purchased ?? plan).name,
      }),
    )
  return letters
}

type Add = (kind: LetterKind, fact: string, more?: Partial<LetterContent>) => Letter

/** Letters about a running subscription, keyed by the write. */
function ofTransition(
  before: Subscription,
  after: Subscription,
  around: Around,
  add: Add,
  at: Date,
): Letter[] {
  const write = before.observedSeq + 1
  const letters: Letter[] = []
  if (before.planVersionId !== after.planVersionId || !sameAddons(before.addons, after.addons))
    letters.push(add('plan_changed', `plan_changed/${write}`, paidForChange(around)))
  if (isNewlyScheduled(before, after))
    letters.push(add('plan_change_scheduled', `plan_change_scheduled/${write}`))
  if (after.cancelAt !== null && before.cancelAt?.getTime() !== after.cancelAt.getTime())
    letters.push(add('cancellation_scheduled', `cancellation_scheduled/${write}`))
  if (before.status === 'trialing' && after.status === 'active' && paidForChange(around).invoice)
    letters.push(add('trial_converted', `converted/${write}`, paidForChange(around)))
  if (before.status !== 'paused' && after.status === 'paused')
    letters.push(add('subscription_paused', `paused/${write}`))
  if (before.status === 'paused' && after.status !== 'paused')
    letters.push(add('subscription_resumed', `resumed/${write}`))
  if (endsForLackOfPayment(before, after, at))
    letters.push(add('access_lost', `access_lost/${write}`, owed(around)))
  return letters
}

/** The letter about a plan change that cannot return after its cancellation was withdrawn; `planName` is that of its plan. */
export const letterOfDropped = (
  { before, after }: { readonly before: Subscription; readonly after: Subscription },
  around: Around,
  dropped: NonNullable<LetterContent['dropped']>,
): Letter => ({
  key: letterKey(after.id, `plan_change_dropped/${before.observedSeq + 1}`),
  kind: 'plan_change_dropped',
  content: { ...contentOf(after, around), dropped },
})

function isNewlyScheduled(before: Subscription, after: Subscription): boolean {
  const [was, is] = [before.pendingChange, after.pendingChange]
  if (is?.kind !== 'scheduled') return false
  if (was?.kind !== 'scheduled') return true
  return (
    was.planVersionId !== is.planVersionId ||
    was.quantity !== is.quantity ||
    !sameAddons(was.addons, is.addons)
  )
}

const paidFirst = ({ invoice }: Around) =>
  invoice?.reason === 'subscription_create' && invoice.status === 'paid'
    ? invoiceContent(invoice)
    : {}

/** A change at the end of a period has no invoice of its own: the renewal's letter names what was charged. */
const paidForChange = ({ invoice }: Around): Pick<LetterContent, 'invoice'> =>
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
  if (status !== 'trialing' || cancelAt !== null) return false
  // The letter at the start of a trial already announced an end before the reminder.
  const reminder = trialReminderAt(trialEnd)
  return period.start < reminder && reminder <= at && at < trialEnd
}
