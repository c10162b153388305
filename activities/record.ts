import { ApplicationFailure } from '@temporalio/activity'
import { accessUntil, endsForLackOfPayment } from '../domain/subscription/access.ts'
import { isFirstPaymentRefused } from '../domain/subscription/first-payment.ts'
import { nextDue } from '../domain/subscription/due.ts'
import type { Around } from '../domain/customer/letter-content.ts'
import { letterOfDropped, lettersFor, type Letter } from '../domain/customer/letter.ts'
import { isFree, type PlanVersion } from '../domain/catalogue/plan.ts'
import { paidRestart } from '../domain/usage/restarted-period.ts'
import { quotaWindowsAt } from '../domain/usage/quota-window.ts'
import type { InvoiceFacts } from '../domain/stripe/snapshot.ts'
import type { Repositories } from '../domain/repositories.ts'
import type { SubscriptionWrite } from '../domain/subscription/repository.ts'
import { isMovedRest } from '../domain/subscription/pause.ts'
import { featuresForWindows, readAddons } from '../domain/subscription/addons.ts'
import { isOver, type Subscription } from '../domain/subscription/subscription.ts'
import type { TrialIdentityKind } from '../domain/subscription/trial-identity.ts'
import type { DroppedChange } from '../domain/subscription/set-aside.ts'
import { changesBetween, factsOf, type Change } from '../domain/subscription/timeline.ts'
import type { UsageAlert } from '../domain/usage/alert.ts'
import type { SubscriptionView } from '../workflows/contract.ts'
import type { ActivityParts } from './parts.ts'

type Step = Pick<SubscriptionWrite, 'before' | 'after' | 'at' | 'actor' | 'cause' | 'by'> & {
  /** The plan of `after`. */
  readonly plan: PlanVersion
  readonly eventIds?: readonly string[]
  /** Stripe's latest invoice of the subscription, if this step has read it. */
  readonly invoice?: InvoiceFacts
  /** An import gets one timeline entry and no letters. */
  readonly isImport?: true
  /** By what a person was recognized who had a trial before, so that this one was refused. */
  readonly trialRefused?: readonly TrialIdentityKind[]
  /** A plan change that cannot return after its cancellation was withdrawn. */
  readonly dropped?: DroppedChange | undefined
  /** A usage alert to publish with this step. */
  readonly published?: {
    readonly change: Change
    readonly letter: Letter
    readonly alert: UsageAlert
  }
}

/** The parts of every activity that writes a step of a subscription. */
export type RecordParts = Pick<
  ActivityParts,
  'repositories' | 'accessPolicy' | 'deliverLetters' | 'webhooksChanged'
>

/**
 * Writes one step of a subscription with its timeline entries, letters and quota windows in one transaction.
 * Running it twice: a step that is already written leaves nothing to write.
 *
 * @returns the view for the workflow.
 * @throws ApplicationFailure `superseded`, which is retried, when another write came in between: the activity reads and
 *   decides again.
 */
export async function record(parts: RecordParts, step: Step): Promise<SubscriptionView> {
  const { repositories, deliverLetters, webhooksChanged } = parts
  const { before, plan, at, published } = step
  const after = { ...step.after, accessUntil: accessUntil(step.after, parts.accessPolicy) }
  const around = await readAround(repositories, { ...step, after })
  const letters = [
    ...(step.isImport ? [] : lettersFor(before, after, around, at)),
    ...(await lettersOfDropped(repositories, { ...step, after }, around)),
    ...(published === undefined ? [] : [published.letter]),
  ]
  const timeZone = (await repositories.customers.find(before.userId))?.timeZone ?? null
  const outcome = await repositories.subscriptions.save({
    before,
    after,
    at,
    actor: step.actor,
    cause: step.cause,
    by: step.by ?? null,
    changes: [
      ...(step.isImport ? [importOf(before, after)] : changesOf(before, after, at)),
      ...(step.dropped === undefined ? [] : [droppedIn(before, after)]),
      ...(published === undefined ? [] : [published.change]),
    ],
    alert: published?.alert ?? null,
    letters,
    windows:
      after.anchor !== null && !isOver(after)
        ? quotaWindowsAt(
            await featuresForWindows(repositories.plans, after, plan),
            { anchor: after.anchor, timeZone },
            at,
          )
        : [],
    endWindowsAt: await freshQuotaFrom(repositories, step),
    eventIds: step.eventIds ?? [],
  })
  if (outcome === 'superseded')
    throw ApplicationFailure.retryable(
      `${before.id} moved on while this step was decided`,
      'superseded',
    )
  webhooksChanged()
  if (letters.length > 0) await deliverLetters(before.id, at)
  return viewOf(
    repositories,
    { ...after, observedSeq: before.observedSeq + 1, updatedAt: at },
    plan,
  )
}

const droppedIn = (before: Subscription, after: Subscription): Change => ({
  kind: 'plan_change_dropped',
  before: factsOf(before),
  after: factsOf(after),
})

async function lettersOfDropped(
  { plans }: Pick<Repositories, 'plans'>,
  { before, after, dropped }: Step,
  around: Around,
): Promise<Letter[]> {
  if (dropped === undefined) return []
  const { name: planName } = await plans.getVersion(dropped.planVersionId)
  return [letterOfDropped({ before, after }, around, { planName, because: dropped.because })]
}

/** The plans that letters name beside the subscription's own. */
async function readAround(
  { plans }: Pick<Repositories, 'plans'>,
  { before, after, plan, invoice, trialRefused = [] }: Step,
): Promise<Around> {
  const { pendingChange } = after
  const page = isFirstPaymentRefused(before, after) ? before.checkout : null
  return {
    plan,
    purchased: page ? await plans.getVersion(page.planVersionId) : undefined,
    planBefore:
      before.planVersionId === plan.id ? undefined : await plans.getVersion(before.planVersionId),
    pendingPlan: pendingChange ? await plans.getVersion(pendingChange.planVersionId) : undefined,
    addons: await readAddons(plans, after.addons),
    pendingAddons: await readAddons(plans, pendingChange?.addons ?? []),
    invoice,
    isTrialRefused: trialRefused.length > 0,
  }
}

/**
 * The instant from which usage is counted afresh, or null to keep the count. It is the start of the first paid period: of a
 * new subscription, or after a free plan or a trial; or of a period that Stripe began anew and charged. Other changes keep
 * the count: otherwise changing back and forth would give free quota.
 */
async function freshQuotaFrom(
  { plans }: Pick<Repositories, 'plans'>,
  { before, after, plan, at, invoice }: Step,
): Promise<Date | null> {
  if (after.status !== 'active' || isFree(plan)) return null
  // The customer's counters outlive subscriptions, and this one has paid for a window of its own.
  if (before.status === 'incomplete') return at
  // A window of a free plan may outlast the trial that followed it; usage since the period began already counts.
  if (before.status === 'trialing') return after.period.start
  // A change ended the rest that a pause had moved, and began a period of its own.
  const isStillRest: boolean = isMovedRest(after)
  if (isMovedRest(before) && !isStillRest && after.period.start < before.period.end)
    return after.period.start
  // The plan, not the anchor: a free plan that is upgraded within a second of its start has the same anchor.
  if (before.planVersionId === after.planVersionId) return paidRestart(before, after, invoice)
  return isFree(await plans.getVersion(before.planVersionId)) ? at : null
}

/** The view of a subscription for its workflow. */
export async function viewOf(
  { customers }: Pick<Repositories, 'customers'>,
  subscription: Subscription,
  plan: PlanVersion,
): Promise<SubscriptionView> {
  const customer = await customers.find(subscription.userId)
  const due = nextDue(subscription, plan)
  const { pendingChange } = subscription
  return {
    status: subscription.status,
    plan: plan.slug,
    planVersion: plan.version,
    periodStart: instantOf(subscription.period?.start),
    periodEnd: instantOf(subscription.period?.end),
    cancelAt: instantOf(subscription.cancelAt),
    pendingChange:
      pendingChange === null
        ? undefined
        : { kind: pendingChange.kind, at: instantOf(pendingChange.at) },
    resumesAt: instantOf(subscription.resumesAt),
    pastDueSince: instantOf(subscription.pastDueSince),
    drift: subscription.drift ?? undefined,
    checkoutOpen: subscription.checkout === null ? undefined : true,
    checkoutGeneration: subscription.checkoutGeneration,
    stripeCustomerId: customer?.stripeCustomerId ?? undefined,
    observedSeq: subscription.observedSeq,
    due: due === null ? undefined : { at: instantOf(due.at), what: due.what },
    over: isOver(subscription) ? true : undefined,
  }
}

const importOf = (before: Subscription, after: Subscription): Change => ({
  kind: 'imported',
  before: factsOf(before),
  after: factsOf(after),
})

function changesOf(before: Subscription, after: Subscription, at: Date): Change[] {
  const changes = changesBetween(before, after, at)
  if (!endsForLackOfPayment(before, after, at)) return changes
  return [...changes, { kind: 'access_ended', before: factsOf(before), after: factsOf(after) }]
}

/** Without milliseconds that are zero: Stripe's instants are whole seconds, and a history repeats each one several times. */
function instantOf(at: Date): string
function instantOf(at: Date | null | undefined): string | undefined
function instantOf(at: Date | null | undefined): string | undefined {
  return at?.toISOString().replace('.000Z', 'Z')
}
