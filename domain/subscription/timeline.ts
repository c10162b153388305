import { isFirstPaymentRefused } from './first-payment.ts'
import { isReminderCrossed } from './trial.ts'
import { sameAddons } from './addons.ts'
import { isOver, type AddonUnits, type PendingChange, type Subscription } from './subscription.ts'

/** The kinds of timeline entries. */
export const CHANGE_KINDS = [
  'checkout_opened',
  'checkout_expired',
  'imported',
  'activated',
  'trial_started',
  'renewed',
  'payment_failed',
  'payment_retry_failed',
  'payment_action_required',
  'recovered',
  'access_ended',
  'paid_after_end',
  'payment_refunded',
  'refund_failed',
  'invoice_credited',
  'dispute_opened',
  'dispute_closed',
  'plan_changed',
  'quantity_changed',
  'addons_changed',
  'cancellation_scheduled',
  'cancellation_withdrawn',
  'plan_change_scheduled',
  'plan_change_awaits_payment',
  'plan_change_withdrawn',
  'plan_change_lapsed',
  'plan_change_dropped',
  'paused',
  'resumed',
  'trial_extended',
  'trial_ending',
  'expired',
  'canceled',
  'status_changed',
  'payment_processing',
  'payment_refused_by_bank',
  'collection_paused',
  'collection_resumed',
  'quota_threshold',
  'granted',
  'customer_updated',
  'drifted',
] as const
export type ChangeKind = (typeof CHANGE_KINDS)[number]

/** The cause of a timeline entry: a request of the user or an operator, Stripe, or time alone. */
export type Actor = 'user' | 'stripe' | 'time' | 'operator'

/** The sender of the command behind an entry: the API key, or a name given in Temporal's UI. */
export type RequestedBy = { readonly keyId: string | null; readonly askedBy: string | null }

/** A timeline entry before it is stored: what changed, with the subscription before and after. */
export type Change = {
  readonly kind: ChangeKind
  readonly before: ChangeFacts | null
  readonly after: ChangeFacts
}

/** The part of a subscription that a timeline entry shows. Instants are ISO 8601. */
export type ChangeFacts = {
  readonly status: string
  readonly planVersionId: string
  readonly quantity: number
  /** Absent in entries of older builds, and without add-ons. */
  readonly addons?: readonly AddonUnits[]
  readonly periodStart: string | null
  readonly periodEnd: string | null
  readonly cancelAt: string | null
  readonly trialEnd: string | null
  readonly resumesAt: string | null
  readonly pendingChange: {
    readonly planVersionId: string
    /** Absent in old entries, and when the number of units does not change. */
    readonly quantity?: number | null
    /** Absent in entries of older builds, and if there is none before and after. */
    readonly addons?: readonly AddonUnits[]
    /** Absent in entries of older builds. */
    readonly kind?: PendingChange['kind']
    readonly at: string
  } | null
}

/** The facts of a subscription that an entry keeps from before and after. */
export const factsOf = (subscription: Subscription): ChangeFacts => ({
  status: subscription.status,
  planVersionId: subscription.planVersionId,
  quantity: subscription.quantity,
  ...(subscription.addons.length > 0 && { addons: subscription.addons.map(unitsOf) }),
  periodStart: subscription.period?.start.toISOString() ?? null,
  periodEnd: subscription.period?.end.toISOString() ?? null,
  cancelAt: subscription.cancelAt?.toISOString() ?? null,
  trialEnd: subscription.trialEnd?.toISOString() ?? null,
  resumesAt: subscription.resumesAt?.toISOString() ?? null,
  pendingChange: subscription.pendingChange && {
    planVersionId: subscription.pendingChange.planVersionId,
    quantity: subscription.pendingChange.quantity,
    ...((subscription.addons.length > 0 || subscription.pendingChange.addons.length > 0) && {
      addons: subscription.pendingChange.addons,
    }),
    at: subscription.pendingChange.at.toISOString(),
    kind: subscription.pendingChange.kind,
  },
})

/** Without the item at Stripe. */
const unitsOf = ({ planVersionId, quantity }: AddonUnits): AddonUnits => ({
  planVersionId,
  quantity,
})

/**
 * The timeline entries of one write.
 * @param at the instant of the write. Reminders that fall due between `before.updatedAt` and `at` are entries too.
 * @returns the entries in the order in which a reader expects them; none when nothing changed.
 */
export function changesBetween(before: Subscription, after: Subscription, at: Date): Change[] {
  const kinds = [
    ...checkoutKinds(before, after),
    ...planKinds(before, after),
    ...cancellationKinds(before, after),
    ...pendingKinds(before, after),
    ...trialKinds(before, after, at),
    ...collectionKinds(before, after),
  ]
  if (before.drift !== after.drift && after.drift !== null) kinds.push('drifted')
  return kinds.map((kind) => ({ kind, before: factsOf(before), after: factsOf(after) }))
}

/** A later period of the same plan. The first activation, the end of a trial and the rest after a pause are no renewals. */
const isRenewal = (before: Subscription, after: Subscription): boolean =>
  before.status !== 'trialing' &&
  before.pausedAt === null &&
  before.period !== null &&
  after.period !== null &&
  before.planVersionId === after.planVersionId &&
  after.period.start >= before.period.end

function checkoutKinds(before: Subscription, after: Subscription): ChangeKind[] {
  const kinds: ChangeKind[] = []
  if (after.checkout !== null && before.checkout?.sessionId !== after.checkout.sessionId)
    kinds.push('checkout_opened')
  if (before.status !== after.status) return [...kinds, kindOfTransition(before, after)]
  const isClosed = before.checkout !== null && after.checkout === null
  const isPaid = after.stripeSubscriptionId !== before.stripeSubscriptionId
  const isRefused = isFirstPaymentRefused(before, after)
  return isClosed && !isPaid && !isRefused ? [...kinds, 'checkout_expired'] : kinds
}

function planKinds(before: Subscription, after: Subscription): ChangeKind[] {
  const kinds: ChangeKind[] = []
  if (before.planVersionId !== after.planVersionId) kinds.push('plan_changed')
  if (before.quantity !== after.quantity && before.status !== 'incomplete')
    kinds.push('quantity_changed')
  if (!sameAddons(before.addons, after.addons)) kinds.push('addons_changed')
  if (isRenewal(before, after)) kinds.push('renewed')
  return kinds
}

function cancellationKinds(before: Subscription, after: Subscription): ChangeKind[] {
  if (before.cancelAt === null) return after.cancelAt === null ? [] : ['cancellation_scheduled']
  return after.cancelAt === null && !isOver(after) ? ['cancellation_withdrawn'] : []
}

/** The outcome of the pending change, or the change that is pending now. */
function pendingKinds(before: Subscription, after: Subscription): ChangeKind[] {
  const [was, is] = [before.pendingChange, after.pendingChange]
  if (is !== null) {
    if (was?.kind === is.kind && leadsTo(was, is)) return []
    return [is.kind === 'scheduled' ? 'plan_change_scheduled' : 'plan_change_awaits_payment']
  }
  if (was === null || isOver(after)) return []
  const isDone = leadsTo(was, after) && after.status !== 'paused'
  if (isDone) return []
  return [was.kind === 'scheduled' ? 'plan_change_withdrawn' : 'plan_change_lapsed']
}

type Terms = Pick<Subscription, 'planVersionId' | 'quantity'> & {
  readonly addons: readonly AddonUnits[]
}
const leadsTo = (change: Terms, to: Terms): boolean =>
  change.planVersionId === to.planVersionId &&
  change.quantity === to.quantity &&
  sameAddons(change.addons, to.addons)

function trialKinds(before: Subscription, after: Subscription, at: Date): ChangeKind[] {
  if (before.status !== 'trialing' || after.status !== 'trialing') return []
  const kinds: ChangeKind[] = []
  if (before.trialEnd.getTime() !== after.trialEnd.getTime()) kinds.push('trial_extended')
  if (after.cancelAt === null && isReminderCrossed(after.trialEnd, before.updatedAt, at))
    kinds.push('trial_ending')
  return kinds
}

function collectionKinds(before: Subscription, after: Subscription): ChangeKind[] {
  const kinds: ChangeKind[] = []
  if (before.paymentProcessing === null && after.paymentProcessing !== null)
    kinds.push('payment_processing')
  if (isFirstPaymentRefused(before, after)) kinds.push('payment_refused_by_bank')
  const [was, is] = [before.collectionPause, after.collectionPause]
  if (was?.behavior !== is?.behavior && !isOver(after))
    kinds.push(is === null ? 'collection_resumed' : 'collection_paused')
  return kinds
}

function kindOfTransition(before: Subscription, after: Subscription): ChangeKind {
  switch (after.status) {
    case 'trialing':
      return 'trial_started'
    case 'active':
      if (before.status === 'paused') return 'resumed'
      return before.status === 'incomplete' || before.status === 'trialing'
        ? 'activated'
        : 'recovered'
    case 'past_due':
      return 'payment_failed'
    case 'canceled':
      return 'canceled'
    case 'incomplete_expired':
      return 'expired'
    case 'paused':
      return 'paused'
    case 'incomplete':
    case 'unpaid':
      return 'status_changed'
  }
}
