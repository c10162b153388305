import { isFree, type PlanVersion } from '../catalogue/plan.ts'
import { activateFree } from './renewal.ts'
import type {
  PricedAddon,
  SessionSnapshot,
  StripeSnapshot,
  SubscriptionSnapshot,
} from '../stripe/snapshot.ts'
import { awaitingBank, firstPaymentOf, isFirstUnpaid } from './first-payment.ts'
import {
  ended,
  isLive,
  isOver,
  type CollectionPause,
  type Addon,
  type AddonUnits,
  type PendingChange,
  type Status,
  type Subscription,
} from './subscription.ts'

const DAY_MS = 86_400_000

/** A snapshot of Stripe with all that decides its meaning. */
export type Observation = {
  readonly snapshot: StripeSnapshot
  /** The versions that the snapshot's prices belong to; a price that is none of ours is missing. */
  readonly planOfPrice: ReadonlyMap<string, PlanVersion>
  /** The plan that a pending change of ours leads to; null when none is pending. */
  readonly pendingPlan: PlanVersion | null
  readonly at: Date
}

/**
 * Applies a snapshot of Stripe to a subscription. It uses the state alone, never an event or its time, so any number of
 * events in any order has the same result. `accessUntil` and `observedSeq` are set when the result is recorded.
 *
 * @returns `before` itself when the subscription has ended, or when Stripe has nothing new.
 */
export function observe(before: Subscription, observation: Observation): Subscription {
  const { session, subscription } = observation.snapshot
  if (isOver(before)) return before
  if (subscription !== null) return applySnapshot(before, subscription, observation)
  if (session?.status === 'expired') return withoutCheckout(before, session, observation.at)
  return before
}

/** Stripe owns status, period and cancellation of a paid subscription. */
function applySnapshot(
  before: Subscription,
  snapshot: SubscriptionSnapshot,
  observation: Observation,
): Subscription {
  const { at } = observation
  if (snapshot.kind === 'deleted') return { ...ended(before, 'canceled', at), drift: null }
  if (snapshot.status === null)
    return {
      ...before,
      resumesAt: before.status === 'paused' ? before.resumesAt : null,
      pausedAt: before.status === 'paused' ? before.pausedAt : null,
      drift: `Stripe's status ${snapshot.rawStatus} is unknown here`,
    }
  return applyPresent(before, { ...snapshot, status: snapshot.status }, observation)
}

/** Applies a snapshot whose status is known here. */
function applyPresent(
  before: Subscription,
  snapshot: Present & { readonly status: Status },
  observation: Observation,
): Subscription {
  const { planOfPrice, at } = observation
  const over = !isLive(snapshot.status)
  const read = { session: observation.snapshot.session, subscription: snapshot }
  if (!over && firstPaymentOf(before, read) === 'processing') return awaitingBank(before, read)
  if (over) {
    const unbegun = withoutPurchase(before, snapshot, observation)
    if (unbegun !== null) return unbegun
    const free = freeAfterStripe(before, snapshot.endedAt ?? at, observation)
    if (free !== null) return free
  }
  const plan = planOfPrice.get(snapshot.priceId)
  const pendingChange = over ? null : pendingChangeOf(before, snapshot, observation)
  const isLeaving = pendingChange !== null && isFreeChange(pendingChange, observation)
  const facts = {
    ...before,
    stripeSubscriptionId: snapshot.id,
    stripeItemId: snapshot.itemId,
    addons: addonsOf(snapshot, observation),
    foreignItems: snapshot.foreignItems,
    planVersionId: plan?.id ?? before.planVersionId,
    quantity: snapshot.quantity,
    discount: snapshot.discount,
    anchor: snapshot.anchor,
    period: snapshot.period,
    trialEnd: snapshot.trialEnd,
    cancelAt: over || isLeaving ? null : snapshot.cancelAt,
    pendingChange,
    ...pauseOf(before, snapshot),
    paymentProcessing: over ? null : processingOf(snapshot),
    collectionPause: over ? null : collectionPauseOf(before, snapshot),
    pastDueSince: null,
    endedAt: null,
    checkout: null,
    drift: plan === undefined ? `Stripe's price ${snapshot.priceId} belongs to no plan` : null,
  }
  switch (snapshot.status) {
    case 'past_due':
      return { ...facts, status: snapshot.status, pastDueSince: before.pastDueSince ?? at }
    case 'canceled':
    case 'incomplete_expired':
      return { ...facts, status: snapshot.status, endedAt: snapshot.endedAt ?? at }
    case 'trialing':
      // Stripe's first period of a trial is the trial.
      return {
        ...facts,
        status: snapshot.status,
        trialEnd: snapshot.trialEnd ?? snapshot.period.end,
      }
    case 'incomplete':
    case 'active':
    case 'unpaid':
    case 'paused':
      return { ...facts, status: snapshot.status }
  }
}

const pauseOf = (before: Subscription, snapshot: Present) =>
  snapshot.status === 'paused'
    ? { resumesAt: before.resumesAt, pausedAt: pausedAtOf(before, snapshot) }
    : { resumesAt: null, pausedAt: null }

/**
 * The clock stops when Stripe has paused, if that was later than the command. A pause that was made at Stripe leaves nothing:
 * its maker chose there what is credited.
 */
function pausedAtOf(
  { pausedAt }: Subscription,
  { pausedAt: atStripe }: Extract<SubscriptionSnapshot, { kind: 'present' }>,
): Date | null {
  if (pausedAt === null || atStripe === null) return pausedAt
  return atStripe > pausedAt ? atStripe : pausedAt
}

/**
 * The pending change after a snapshot. A change to a free plan is known here alone; Stripe sees a cancellation, and when
 * that is withdrawn the change is withdrawn too.
 */
function pendingChangeOf(
  before: Subscription,
  snapshot: Present,
  observation: Observation,
): PendingChange | null {
  const { awaitingPayment, scheduled, cancelAt } = snapshot
  const held = before.pendingChange
  if (held !== null && cancelAt !== null && isFreeChange(held, observation))
    return { ...held, at: cancelAt }
  const awaited = awaitingPayment && observation.planOfPrice.get(awaitingPayment.priceId)
  if (awaited)
    return {
      kind: 'awaiting_payment',
      planVersionId: awaited.id,
      quantity: awaitingPayment.quantity,
      addons: awaitingPayment.addons.flatMap((each) => unitsOf(observation, each)),
      at: stillAwaited(observation, snapshot, awaitingPayment.until),
      paymentUrl: awaitingPayment.paymentUrl,
    }
  const next = scheduled && observation.planOfPrice.get(scheduled.priceId)
  if (next)
    return {
      kind: 'scheduled',
      planVersionId: next.id,
      quantity: scheduled.quantity,
      addons: scheduled.addons.flatMap((each) => unitsOf(observation, each)),
      at: scheduled.at,
      paymentUrl: null,
    }
  return null
}

const addonsOf = ({ addons }: Present, observation: Observation): Addon[] =>
  addons.flatMap((each) =>
    unitsOf(observation, each).map((units) => ({ ...units, stripeItemId: each.itemId })),
  )

/** The add-on of a price; none if it is no longer known here. */
const unitsOf = (
  { planOfPrice }: Observation,
  { priceId, quantity }: PricedAddon,
): readonly AddonUnits[] => {
  const plan = planOfPrice.get(priceId)
  return plan === undefined ? [] : [{ planVersionId: plan.id, quantity }]
}

/** A bank may take longer than Stripe otherwise waits. The change is then looked at once a day. */
const stillAwaited = ({ at }: Observation, { isProcessing }: Present, until: Date): Date =>
  isProcessing && until <= at ? new Date(at.getTime() + DAY_MS) : until

const isFreeChange = (change: PendingChange, { pendingPlan }: Observation): boolean =>
  pendingPlan !== null && pendingPlan.id === change.planVersionId && isFree(pendingPlan)

type Present = Extract<SubscriptionSnapshot, { kind: 'present' }>

/** The first period after a trial is a first payment, too. */
function processingOf({ isProcessing, trialEnd, period }: Present): 'first' | 'later' | null {
  if (!isProcessing) return null
  return trialEnd?.getTime() === period.start.getTime() ? 'first' : 'later'
}

/** The end of the paid time is decided when the pause is seen first; a renewal may have come in between. */
function collectionPauseOf(
  { collectionPause: held }: Subscription,
  { collectionPause: pause, latestInvoice: invoice, period }: Present,
): CollectionPause | null {
  if (pause === null) return null
  const isUnpaid = invoice?.reason === 'subscription_cycle' && invoice.status !== 'paid'
  return { ...pause, paidUntil: held?.paidUntil ?? (isUnpaid ? period.start : period.end) }
}

/**
 * The subscription after a purchase that ended before it was paid: an incomplete one expires, a free one continues. Null
 * when the purchase had begun.
 */
function withoutPurchase(
  before: Subscription,
  snapshot: Present,
  { at, snapshot: { session } }: Observation,
): Subscription | null {
  const isOurs = session?.status === 'complete' && before.checkout?.sessionId === session.id
  if (!isOurs && before.paymentProcessing !== 'first') return null
  // It was paid and has ended since, and no event of that arrived here before.
  if (!isFirstUnpaid(snapshot)) return null
  if (before.status === 'incomplete')
    return {
      ...ended(before, 'incomplete_expired', snapshot.endedAt ?? at),
      stripeSubscriptionId: snapshot.id,
      drift: null,
    }
  return before.stripeSubscriptionId === null
    ? { ...before, checkout: null, paymentProcessing: null }
    : null
}

/** Stripe's clock and that of a worker differ, and Stripe's counts whole seconds. */
const CLOCKS_APART_MS = 5 * 60_000

/**
 * The free plan that follows Stripe's subscription, if it ended when that was due; one that ended sooner was ended by
 * somebody else. Null when nothing follows.
 */
function freeAfterStripe(
  before: Subscription,
  endedAt: Date,
  observation: Observation,
): Subscription | null {
  const { pendingChange } = before
  const { pendingPlan } = observation
  if (pendingChange === null || pendingPlan === null) return null
  if (!isFreeChange(pendingChange, observation)) return null
  if (endedAt.getTime() < pendingChange.at.getTime() - CLOCKS_APART_MS) return null
  return {
    ...before,
    ...activateFree(before, pendingPlan, endedAt),
    stripeSubscriptionId: null,
    stripeItemId: null,
    addons: [],
    foreignItems: [],
    quantity: 1,
    discount: null,
    trialEnd: null,
    cancelAt: null,
    pendingChange: null,
    resumesAt: null,
    pausedAt: null,
    pastDueSince: null,
    checkout: null,
    paymentProcessing: null,
    collectionPause: null,
    drift: null,
  }
}

/** Applies the expiry of a payment page: an incomplete subscription expires, a running one continues without the page. */
function withoutCheckout(before: Subscription, session: SessionSnapshot, at: Date): Subscription {
  if (before.checkout?.sessionId !== session.id) return before
  if (before.status !== 'incomplete') return { ...before, checkout: null }
  return ended(before, 'incomplete_expired', at)
}
