import { isReminderCrossed } from './trial.ts'
import type { Subscription } from './subscription.ts'

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
  'payment_refunded',
  'refund_failed',
  'invoice_credited',
  'dispute_opened',
  'dispute_closed',
  'plan_changed',
  'quantity_changed',
  'cancellation_scheduled',
  'cancellation_withdrawn',
  'plan_change_scheduled',
  'plan_change_awaits_payment',
  'plan_change_withdrawn',
  'plan_change_lapsed',
  'paused',
  'resumed',
  'trial_extended',
  'trial_ending',
  'expired',
  'canceled',
  'status_changed',
  'quota_threshold',
  'granted',
  'drifted',
] as const
export type ChangeKind = (typeof CHANGE_KINDS)[number]

/** Who caused a change. */
export type Actor = 'user' | 'stripe' | 'time' | 'operator'

/** One entry of a subscription's timeline: what became of it, and why. */
export type Change = {
  readonly kind: ChangeKind
  readonly before: ChangeFacts | null
  readonly after: ChangeFacts
}

/** The part of a subscription that a timeline shows. */
export type ChangeFacts = {
  readonly status: string
  readonly planVersionId: string
  readonly quantity: number
  readonly periodStart: string | null
  readonly periodEnd: string | null
  readonly cancelAt: string | null
  readonly trialEnd: string | null
  readonly resumesAt: string | null
  readonly pendingChange: { readonly planVersionId: string; readonly at: string } | null
}

export const factsOf = (subscription: Subscription): ChangeFacts => ({
  status: subscription.status,
  planVersionId: subscription.planVersionId,
  quantity: subscription.quantity,
  periodStart: subscription.period?.start.toISOString() ?? null,
  periodEnd: subscription.period?.end.toISOString() ?? null,
  cancelAt: subscription.cancelAt?.toISOString() ?? null,
  trialEnd: subscription.trialEnd?.toISOString() ?? null,
  resumesAt: subscription.resumesAt?.toISOString() ?? null,
  pendingChange: subscription.pendingChange && {
    planVersionId: subscription.pendingChange.planVersionId,
    at: subscription.pendingChange.at.toISOString(),
  },
})

/** All that became of `before`, in the order in which a person would tell it. Nothing for a subscription that stayed. */
export function changesBetween(before: Subscription, after: Subscription, at: Date): Change[] {
  const kinds: ChangeKind[] = []
  if (before.checkout?.sessionId !== after.checkout?.sessionId && after.checkout !== null)
    kinds.push('checkout_opened')
  if (before.status !== after.status) kinds.push(kindOfTransition(before, after))
  else if (
    before.checkout !== null &&
    after.checkout === null &&
    after.stripeSubscriptionId === before.stripeSubscriptionId
  )
    kinds.push('checkout_expired')
  if (before.planVersionId !== after.planVersionId) kinds.push('plan_changed')
  if (before.quantity !== after.quantity && before.status !== 'incomplete')
    kinds.push('quantity_changed')
  if (isRenewal(before, after)) kinds.push('renewed')
  if (before.cancelAt === null && after.cancelAt !== null) kinds.push('cancellation_scheduled')
  if (before.cancelAt !== null && after.cancelAt === null && after.endedAt === null)
    kinds.push('cancellation_withdrawn')
  const pending = kindOfPending(before, after)
  if (pending !== null) kinds.push(pending)
  if (isTrialing(before) && isTrialing(after)) {
    if (before.trialEnd.getTime() !== after.trialEnd.getTime()) kinds.push('trial_extended')
    if (after.cancelAt === null && isReminderCrossed(after.trialEnd, before.updatedAt, at))
      kinds.push('trial_ending')
  }
  if (before.drift !== after.drift && after.drift !== null) kinds.push('drifted')
  return kinds.map((kind) => ({ kind, before: factsOf(before), after: factsOf(after) }))
}

/** The same agreement goes on with a later period: what a first activation and a change of anchor are not. */
export const isRenewal = (before: Subscription, after: Subscription): boolean =>
  before.status !== 'trialing' &&
  before.period !== null &&
  after.period !== null &&
  before.planVersionId === after.planVersionId &&
  after.period.start >= before.period.end

type Trialing = Subscription & { readonly trialEnd: Date }

export const isTrialing = (subscription: Subscription): subscription is Trialing =>
  subscription.status === 'trialing' && subscription.trialEnd !== null

/** What became of the change that was pending, or which one is pending now. */
function kindOfPending(before: Subscription, after: Subscription): ChangeKind | null {
  const [was, is] = [before.pendingChange, after.pendingChange]
  if (is !== null) {
    if (was?.kind === is.kind && was.planVersionId === is.planVersionId) return null
    return is.kind === 'scheduled' ? 'plan_change_scheduled' : 'plan_change_awaits_payment'
  }
  if (was === null || after.endedAt !== null) return null
  const isDone = after.planVersionId === was.planVersionId && after.status !== 'paused'
  if (isDone) return null
  return was.kind === 'scheduled' ? 'plan_change_withdrawn' : 'plan_change_lapsed'
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
