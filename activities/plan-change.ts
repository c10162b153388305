import {
  withPlannedPrices,
  type PlannedPrices,
} from '../adapters/stripe/commands/planned-prices.ts'
import { misfitOf } from '../domain/catalogue/addon.ts'
import { isFree, type PlanVersion } from '../domain/catalogue/plan.ts'
import type { Rule } from '../domain/decision/rule.ts'
import {
  creditsUsedPeriod,
  effectiveTime,
  wayOfChange,
  type ChangeTime,
} from '../domain/subscription/plan-change.ts'
import { addsTo, readAddons, sameAddons } from '../domain/subscription/addons.ts'
import { growsInTrial, trialEndAfterChange } from '../domain/subscription/trial.ts'
import {
  isInPeriod,
  type AddonUnits,
  type InPeriod,
  type PendingChange,
  type Subscription,
} from '../domain/subscription/subscription.ts'
import { loadInTurn, type SnapshotOrder, type SnapshotParts } from './apply-snapshot.ts'
import {
  alreadyDone,
  doneUnlessOver,
  doneHere,
  isBankAsked,
  refused,
  stepOf,
  type CommandOrder,
  type CommandOutcome,
} from './command.ts'
import type { CommandRefusal } from '../domain/subscription/commands.ts'
import type { PlanChangeRequest } from '../workflows/contract.ts'
import type { EndParts } from './cancellation.ts'
import { isOfferEnd, versionOfNextPeriod } from './offer-end.ts'
import { withHeldLimits } from './held-limits.ts'
import { askStripe } from './stripe-failure.ts'

/**
 * A change of the plan, its quantity, its add-ons or all of them. `PlanChangeRequest` in `workflows/contract.ts` describes the optional fields.
 */
export type PlanChangeOrder = CommandOrder & {
  readonly planVersionId: string
  readonly keepsPlan?: true
  readonly seen?: SeenBefore
  readonly when: ChangeTime
  /** The instant as of which Stripe prorates; null means `at`. */
  readonly prorationDate: string | null
  readonly quantity?: number
  readonly addons?: readonly AddonUnits[]
  readonly mayDowngradeNow?: true
  readonly onlyFrom?: string
  readonly cause?: string
}

/** The facts of a subscription that the caller of a change saw. */
type SeenBefore = NonNullable<PlanChangeRequest['seen']>

/** The change with everything that it needs, read once. */
type Change = {
  readonly before: InPeriod
  readonly plan: PlanVersion
  readonly quantity: number
  /** Null keeps the present ones. */
  readonly addons: readonly AddonUnits[] | null
  readonly when: 'now' | 'period_end'
  readonly trialEnd: Date | 'now' | null
  readonly step: Pick<SnapshotOrder, 'at' | 'actor' | 'cause' | 'by'>
}

/**
 * Changes the plan now, or schedules the change for the end of the period; an earlier pending change is withdrawn. If the
 * charge is not paid immediately, the change waits for the payment. Running it twice finds it done.
 */
export async function changePlan(
  parts: EndParts,
  request: PlanChangeOrder,
): Promise<CommandOutcome> {
  const before = await loadInTurn(parts, request)
  const { planVersionId } = request.keepsPlan === true ? before : request
  const plan = await parts.repositories.plans.getVersion(planVersionId)
  const { quantity = before.quantity, addons = before.addons, onlyFrom } = request
  // A retry after its own success.
  const isDone = before.planVersionId === plan.id && before.quantity === quantity
  if (isDone && sameAddons(before.addons, addons)) return alreadyDone(parts, before)
  if (!isInPeriod(before) || !isAsSeen(before, request.seen))
    return refused(parts, before, 'moved_on')
  if (onlyFrom !== undefined) {
    if (before.pendingChange?.planVersionId === plan.id) return alreadyDone(parts, before)
    if (!isUndecided(before, onlyFrom)) return refused(parts, before, 'moved_on')
  }
  const at = new Date(request.at)
  const actor = request.actor === 'user' ? 'user' : 'operator'
  const items = await readAddons(parts.repositories.plans, addons)
  const mustFit = (id: string) =>
    plan.id !== before.planVersionId || !before.addons.some((each) => each.planVersionId === id)
  const isAddon = plan.kind === 'addon'
  if (isAddon || items.some((each) => mustFit(each.plan.id) && misfitOf(each.plan, plan) !== null))
    return refused(parts, before, 'addon_does_not_fit')
  if (before.status === 'trialing' && actor === 'user' && addsTo(before.addons, addons))
    return refused(parts, before, 'grows_in_trial')
  if (growsInTrial(before, { after: plan, quantity, actor, at }))
    return refused(parts, before, 'grows_in_trial')
  if (actor === 'user' && request.mayDowngradeNow !== true) {
    // Decided again here: the plan may have changed since the API looked.
    const planBefore = await parts.repositories.plans.getVersion(before.planVersionId)
    const terms = { before: planBefore, after: plan, quantity }
    if (creditsUsedPeriod(before, { ...terms, addons }, request.when))
      return refused(parts, before, 'downgrade_not_now')
  }
  const change: Change = {
    before,
    plan,
    trialEnd: trialEndAfterChange(before, { after: plan, actor, at }),
    quantity,
    addons: request.addons ?? null,
    when: effectiveTime(before, request.when),
    step: stepOf(request, request.cause ?? 'plan change'),
  }
  if (isBankAsked(before)) return refused(parts, before, 'payment_processing')
  const { stripeSubscriptionId } = before
  const make = () =>
    stripeSubscriptionId === null
      ? changeHere(parts, change)
      : changeAtStripe(parts, change, request, stripeSubscriptionId)
  // Seats that are held do not keep a price that ends, nor a version that is migrated.
  if (onlyFrom !== undefined) return make()
  const kept = { planVersionId: plan.id, quantity: isFree(plan) ? 1 : quantity, addons }
  return withHeldLimits(parts, { before, ...kept, at }, make)
}

/** Whether a confirmed change begins from what its caller saw. */
const isAsSeen = (own: Subscription, seen: SeenBefore | undefined): boolean =>
  seen === undefined ||
  (seen.planVersionId === own.planVersionId &&
    seen.quantity === own.quantity &&
    sameAddons(seen.addons, own.addons))

/**
 * Whether the subscription is still on this version, with no pending change or end of its user's in this period. A later
 * end does not keep a price that ends sooner.
 */
const isUndecided = (
  { cancelAt, pendingChange, period, planVersionId }: InPeriod,
  from: string,
): boolean =>
  planVersionId === from && pendingChange === null && (cancelAt === null || cancelAt > period.end)

/** Between free plans. */
function changeHere(parts: SnapshotParts, change: Change): Promise<CommandOutcome> {
  const { before, plan, when, step } = change
  const rule: Rule =
    when === 'now'
      ? { name: 'free_plan_change', planVersionId: plan.id }
      : { name: 'free_plan_change_scheduled', pendingChange: scheduled(change) }
  return doneHere(parts, before, rule, step)
}

async function changeAtStripe(
  parts: EndParts,
  change: Change,
  { generation, prorationDate, at }: PlanChangeOrder,
  stripeSubscriptionId: string,
): Promise<CommandOutcome> {
  const { stripe } = parts
  const { before, plan, quantity, addons, when, step } = change
  const held = before.addons
  const order = { subscriptionId: before.id, stripeSubscriptionId, generation }
  const way = wayOfChange(before, plan, when)
  const changesItem = way === 'charged' || way === 'scheduled'
  if (changesItem && !(await askStripe(() => stripe.hasClearPlan(stripeSubscriptionId))))
    return refused(parts, before, 'plan_unclear')
  switch (way) {
    case 'leaving_stripe':
      if (when === 'now') await parts.flushOverage(before.userId, step.at)
      await askStripe(async () => {
        await stripe.dropPendingChange(order)
        await stripe.changeCancellation({ ...order, at: when })
      })
      return doneUnlessOver(parts, before, {
        ...step,
        assume: { pendingChange: scheduled(change) },
      })
    case 'charged': {
      const { trialEnd } = change
      const refusal = await refusalOfCharge(parts, change, stripeSubscriptionId)
      if (refusal !== null) return refused(parts, before, refusal)
      const timing = { prorationDate: new Date(prorationDate ?? at), trialEnd }
      // Stripe invoices usage until now at the price of the plan that ends.
      await parts.flushOverage(before.userId, step.at)
      const isLeaving = await leadsToFree(parts, before)
      const send = async (prices: PlannedPrices) => {
        // The change to a free plan gives way at once. A cancellation gives way when this change is paid.
        if (isLeaving) await stripe.changeCancellation({ ...order, at: null })
        await stripe.changePlanNow({ ...order, ...prices, quantity, ...timing })
      }
      await askStripe(() => withPlannedPrices(parts, plan, { send, at: step.at, addons, held }))
      return doneUnlessOver(parts, before, { ...step, assume: { pendingChange: null } })
    }
    case 'scheduled': {
      const stays = plan.id === before.planVersionId
      const next = stays ? await versionOfNextPeriod(parts, plan, before.period) : plan
      const send = (prices: PlannedPrices) =>
        stripe.schedulePlanChange({ ...order, ...prices, quantity })
      await askStripe(() => withPlannedPrices(parts, next, { send, at: step.at, addons, held }))
      return doneUnlessOver(parts, before, { ...step, assume: { pendingChange: null } })
    }
    case 'ours':
      throw new Error(`${before.id} has a subscription at Stripe`)
  }
}

/** Why a change now could not be charged before it counts; null if it can, or if an operator gives that credit. */
async function refusalOfCharge(
  { stripe }: Pick<SnapshotParts, 'stripe'>,
  { before, trialEnd, step: { actor } }: Change,
  stripeSubscriptionId: string,
): Promise<CommandRefusal | null> {
  // Stripe would void the invoice, and the customer would have the plan for nothing.
  if (before.collectionPause !== null && actor === 'user') return 'collection_paused'
  // Stripe has no pending updates for invoices that are sent: the plan would be there before it is paid.
  const isOnTerms = await askStripe(() => stripe.sendsInvoices(stripeSubscriptionId))
  if (isOnTerms) return actor === 'user' ? 'pays_by_invoice' : null
  if (trialEnd !== 'now') return null
  const isPayable = await askStripe(() => stripe.hasPaymentMethod(stripeSubscriptionId))
  return isPayable ? null : 'payment_method_required'
}

/** Whether a change to a free plan is pending, which is a cancellation at Stripe. */
const leadsToFree = async (
  { repositories }: Pick<SnapshotParts, 'repositories'>,
  { pendingChange }: Subscription,
): Promise<boolean> =>
  pendingChange !== null && isFree(await repositories.plans.getVersion(pendingChange.planVersionId))

/** The pending change as it is stored here. */
const scheduled = ({ before, plan, quantity, when, step }: Change): PendingChange => ({
  kind: 'scheduled',
  planVersionId: plan.id,
  quantity: isFree(plan) ? 1 : quantity,
  addons: [],
  at: when === 'now' ? step.at : before.period.end,
  paymentUrl: null,
})

/**
 * Withdraws a pending change, except the one at the end of an offer. The invoice of a change that waits for its payment is
 * voided. Running it twice finds it done.
 */
export async function withdrawPlanChange(
  parts: SnapshotParts,
  request: CommandOrder,
): Promise<CommandOutcome> {
  const { stripe } = parts
  const before = await loadInTurn(parts, request)
  const { pendingChange, stripeSubscriptionId } = before
  if (pendingChange === null) return alreadyDone(parts, before)
  if (await isOfferEnd(parts, before)) return refused(parts, before, 'offer_ends')
  if (isBankAsked(before)) return refused(parts, before, 'payment_processing')
  const step = stepOf(request, 'plan change withdrawn')
  if (stripeSubscriptionId === null)
    return doneHere(parts, before, { name: 'plan_change_withdrawn' }, step)
  const { generation } = request
  const order = { subscriptionId: before.id, stripeSubscriptionId, generation }
  const isLeaving = await leadsToFree(parts, before)
  await askStripe(() =>
    isLeaving ? stripe.changeCancellation({ ...order, at: null }) : stripe.dropPendingChange(order),
  )
  return doneUnlessOver(parts, before, { ...step, assume: { pendingChange: null } })
}
