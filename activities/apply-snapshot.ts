import { ApplicationFailure } from '@temporalio/activity'
import { plansOfSnapshot } from '../adapters/stripe/reading/plans-of-snapshot.ts'
import { invoiceOf } from '../domain/decision/decide.ts'
import type { Rule } from '../domain/decision/rule.ts'
import { subscriptionId } from '../domain/ids.ts'
import type { StripeSnapshot } from '../domain/stripe/snapshot.ts'
import { firstPaymentOf } from '../domain/subscription/first-payment.ts'
import { endAfterPause } from '../domain/subscription/pause.ts'
import type { DroppedChange } from '../domain/subscription/set-aside.ts'
import { isLive, type Subscription } from '../domain/subscription/subscription.ts'
import type { Actor, RequestedBy } from '../domain/subscription/timeline.ts'
import type { TrialIdentityKind } from '../domain/subscription/trial-identity.ts'
import type { SubscriptionView } from '../workflows/contract.ts'
import type { ActivityParts } from './parts.ts'
import { restoreOfferEnd } from './offer-end.ts'
import { record, type RecordParts } from './record.ts'
import { refuseRepeatedTrial } from './repeated-trial.ts'
import { findSetAside, isKept, returnChange } from './restore-change.ts'
import { askStripe } from './stripe-failure.ts'

/** Why a snapshot is applied, and what Stripe's state cannot say about it. `at` is the step's instant. */
export type SnapshotOrder = {
  readonly at: Date
  readonly actor: Actor
  readonly cause: string
  readonly by?: RequestedBy | null
  readonly eventIds?: readonly string[]
  /** A subscription at Stripe that may belong to this one: its metadata decides. */
  readonly joins?: string
  /** An import sends no letters: its customer has known the subscription for long. */
  readonly isImport?: true
  /** Facts that Stripe cannot hold. */
  readonly assume?: Partial<Pick<Subscription, 'pendingChange' | 'resumesAt' | 'pausedAt'>>
}

/** The parts of every activity that stores Stripe’s state. */
export type SnapshotParts = RecordParts &
  Pick<ActivityParts, 'stripe' | 'mirrorInvoice' | 'trialOncePer'>

/** @throws Error when the subscription has no row, which would be a bug. */
export async function load(
  { repositories }: Pick<ActivityParts, 'repositories'>,
  id: string,
): Promise<Subscription> {
  const found = await repositories.subscriptions.find(subscriptionId(id))
  if (found === undefined) throw new Error(`subscription ${id} has no row`)
  return found
}

/**
 * Loads the subscription for a command, if its turn is not over. An attempt that Temporal gave up may continue much later, when
 * other commands were carried out and answered: it may neither write nor send anything to Stripe.
 *
 * @param isOwnSecond whether a second step was written by this command's own earlier attempt, too.
 * @throws ApplicationFailure `superseded`, which is not retried.
 */
export async function loadInTurn(
  parts: Pick<ActivityParts, 'repositories'>,
  {
    subscriptionId: id,
    generation,
  }: { readonly subscriptionId: string; readonly generation: number },
  isOwnSecond: (found: Subscription) => boolean = () => false,
): Promise<Subscription> {
  const before = await load(parts, id)
  // Each command writes once, so its own earlier attempt may have written one step.
  const last = Math.floor(generation) + 1
  if (before.observedSeq === last + 1 && isOwnSecond(before)) return before
  if (before.observedSeq > last)
    throw ApplicationFailure.nonRetryable(`later steps of ${id} were written`, 'superseded')
  return before
}

/**
 * Reads Stripe and applies the snapshot to a subscription. This is the only way in which Stripe's state is stored.
 * Running it twice reads again and finds nothing new to write.
 *
 * @param before must have been read before this call: a write in between makes this one fail and repeat.
 */
export const applySnapshot = async (
  parts: SnapshotParts,
  before: Subscription,
  order: SnapshotOrder,
): Promise<SubscriptionView> => (await applyWithSetAside(parts, before, order)).view

type Applied = { readonly view: SubscriptionView; readonly dropped: DroppedChange | undefined }

/** As `applySnapshot`. If the cancellation was withdrawn, the plan change before it returns, or is reported as dropped. */
export async function applyWithSetAside(
  parts: SnapshotParts,
  before: Subscription,
  order: SnapshotOrder,
): Promise<Applied> {
  const { customers, plans, stripeInbox } = parts.repositories
  const { at, actor, cause, by = null, eventIds = [] } = order
  const kept = await askStripe(() => readKept(parts, before, order))
  const { returned, dropped } = kept
  const { snapshot, trialRefused } = await readAllowedSnapshot(parts, before, order, kept.snapshot)
  const email = snapshot.session?.email ?? null
  if (email !== null && (await customers.find(before.userId))?.email === null)
    await customers.upsert({ userId: before.userId, email }, at)

  const planOfPrice = await plansOfSnapshot(plans, snapshot)
  const rule: Rule = {
    name: 'stripe_snapshot',
    snapshot,
    planOfPrice: Object.fromEntries([...planOfPrice].map(([price, { id }]) => [price, id])),
    assume: { ...order.assume, ...returned },
  }
  const isImport = order.isImport && { isImport: order.isImport }
  const refusal = trialRefused.length > 0 && {
    trialRefused,
    cause: `a trial was had before, by ${trialRefused.join(' and ')}`,
  }
  const step = { before, rule, at, actor, cause, by, eventIds, dropped, ...isImport, ...refusal }
  const { after, view } = await record(parts, step)
  const invoice = invoiceOf(rule)
  // An invoice has events of its own. When a payment changed the status, or no event arrived, they may be lost.
  const isDoubtful = before.status !== after.status || eventIds.length === 0
  if (isDoubtful && invoice !== undefined) await parts.mirrorInvoice(invoice.id, at)
  // If two pages were paid, the events of the other purchase are processed again, now that this one is known.
  const { stripeSubscriptionId: notOf } = after
  if (order.joins !== undefined && notOf !== null)
    await stripeInbox.redrive({ eventIds, notOf }, at, eventIds.length)
  return { view, dropped }
}

type Kept = {
  readonly snapshot: StripeSnapshot
  readonly returned?: Pick<Subscription, 'pendingChange'>
  readonly dropped?: DroppedChange
}

/** Reads Stripe. If the cancellation was withdrawn, here or at Stripe, the plan change before it is scheduled again. */
async function readKept(
  parts: SnapshotParts,
  before: Subscription,
  order: SnapshotOrder,
): Promise<Kept> {
  const snapshot = await readPaidSnapshot(parts, before, order)
  const { subscription } = snapshot
  if (before.cancelAt === null || subscription === null) return { snapshot }
  const planOfPrice = await plansOfSnapshot(parts.repositories.plans, snapshot)
  if (!isKept(before, subscription, planOfPrice)) return { snapshot }
  const found = await findSetAside(parts, before, order.at)
  if (found.kind === 'none') return { snapshot }
  if (found.kind === 'dropped') return { snapshot, dropped: found.dropped }
  const given = { change: found.change, stripeSubscriptionId: subscription.id, at: order.at }
  const pendingChange = await returnChange(parts, before, given)
  return {
    snapshot: await readPaidSnapshot(parts, before, order),
    returned: { pendingChange },
  }
}

/** Ends a trial that its customer must not have at Stripe, restores the end of an offer, and then reads Stripe again. */
async function readAllowedSnapshot(
  parts: SnapshotParts,
  before: Subscription,
  order: SnapshotOrder,
  snapshot: StripeSnapshot,
): Promise<{ snapshot: StripeSnapshot; trialRefused: TrialIdentityKind[] }> {
  const { plans } = parts.repositories
  const { subscription } = snapshot
  const priceId = subscription?.kind === 'present' ? subscription.priceId : ''
  const sold = (await plansOfSnapshot(plans, snapshot)).get(priceId)
  const plan = sold ?? (await plans.getVersion(before.planVersionId))
  const isImport = order.isImport ?? false
  const trial = { before, snapshot, plan, at: order.at, isImport }
  const trialRefused = await refuseRepeatedTrial(parts, trial)
  const isStale =
    trialRefused.length > 0 || (await restoreOfferEnd(parts, { before, snapshot, plan }))
  if (!isStale) return { snapshot, trialRefused }
  return { snapshot: await askStripe(() => readPaidSnapshot(parts, before, order)), trialRefused }
}

/**
 * Reads Stripe, and completes what an earlier step left half done there. A purchase that the bank refused is ended there
 * first. If a change that waited for its payment was paid, a cancellation that was scheduled before is withdrawn: customers
 * who pay for a change stay.
 */
async function readPaidSnapshot(
  parts: SnapshotParts,
  before: Subscription,
  { joins, assume, at }: SnapshotOrder,
): Promise<StripeSnapshot> {
  const snapshot = await readSnapshot(parts, before, joins)
  const { subscription } = snapshot
  if (await completesResumption(parts, before, { subscription, at }))
    return readSnapshot(parts, before, joins)
  if (subscription?.kind === 'present' && isRefusedStart(before, snapshot, subscription)) {
    await parts.stripe.endUnpaid(targetOf(before, subscription))
    return readSnapshot(parts, before, joins)
  }
  const { pendingChange: waiting } = { ...before, ...assume }
  if (waiting?.kind !== 'awaiting_payment' || subscription?.kind !== 'present') return snapshot
  // An ended subscription keeps the date of its cancellation, which nobody can withdraw.
  if (subscription.status === null || !isLive(subscription.status)) return snapshot
  const planOfPrice = await plansOfSnapshot(parts.repositories.plans, snapshot)
  const isPaid = planOfPrice.get(subscription.priceId)?.id === waiting.planVersionId
  if (!isPaid || subscription.awaitingPayment !== null || subscription.cancelAt === null)
    return snapshot
  await parts.stripe.changeCancellation({ ...targetOf(before, subscription), at: null })
  return readSnapshot(parts, before, joins)
}

/**
 * Completes a resumption that stopped between its two requests: without the moved end, the paused time would be free.
 * @returns whether Stripe has to be read again.
 */
async function completesResumption(
  { stripe }: Pick<ActivityParts, 'stripe'>,
  before: Subscription,
  {
    subscription,
    at,
  }: { readonly subscription: StripeSnapshot['subscription']; readonly at: Date },
): Promise<boolean> {
  if (before.status !== 'paused' || before.pausedAt === null) return false
  if (subscription?.kind !== 'present' || subscription.rawStatus !== 'active') return false
  // A new anchor means that a new period was begun at Stripe, and charged.
  if (subscription.anchor.getTime() !== before.anchor.getTime()) return false
  const paidUntil = endAfterPause(before, at)
  if (paidUntil === null) return false
  const target = {
    subscriptionId: before.id,
    stripeSubscriptionId: subscription.id,
    generation: before.observedSeq,
  }
  await stripe.resume({ ...target, paidUntil })
  return true
}
type Present = Extract<StripeSnapshot['subscription'], { kind: 'present' }>

const targetOf = ({ id, observedSeq }: Subscription, { id: stripeId }: Present) => ({
  subscriptionId: id,
  stripeSubscriptionId: stripeId,
  generation: observedSeq,
})

/** A purchase whose payment the bank refused ends at Stripe too, which would otherwise try to collect it for weeks. */
const isRefusedStart = (
  before: Subscription,
  { session }: StripeSnapshot,
  subscription: Present,
): boolean =>
  subscription.status !== null &&
  isLive(subscription.status) &&
  firstPaymentOf(before, { session, subscription }) === 'failed'

/** Reads the subscription's own objects; or, if it has none at Stripe yet, those of the purchase on another page. */
async function readSnapshot(
  { stripe }: Pick<ActivityParts, 'stripe'>,
  before: Subscription,
  joins: string | undefined,
): Promise<StripeSnapshot> {
  const sessionId = before.checkout?.sessionId ?? null
  const { stripeSubscriptionId } = before
  const own = await stripe.readSnapshot({ sessionId, stripeSubscriptionId })
  if (own.subscription !== null || joins === undefined) return own
  const other = await stripe.readSnapshot({ sessionId: null, stripeSubscriptionId: joins })
  const { subscription } = other
  const isOurs = subscription?.kind === 'present' && subscription.belongsTo === before.id
  const isRunning = isOurs && subscription.status !== null && isLive(subscription.status)
  if (!isRunning || subscription.status === 'incomplete') return own
  // The open page is closed first, so that it cannot be paid as well.
  if (sessionId !== null && (await stripe.expireCheckout(sessionId)) === 'complete')
    return stripe.readSnapshot({ sessionId, stripeSubscriptionId })
  return { session: own.session, subscription }
}
