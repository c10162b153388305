import { ApplicationFailure } from '@temporalio/activity'
import { accessUntil, endsForLackOfPayment } from '../domain/subscription/access.ts'
import { nextDue } from '../domain/subscription/due.ts'
import { noticesFor, type Notice } from '../domain/customer/letter.ts'
import { isFree, type PlanVersion } from '../domain/catalogue/plan.ts'
import { quotaWindowsAt } from '../domain/usage/quota-window.ts'
import type { SubscriptionWrite } from '../domain/subscription/repository.ts'
import { isLive, type Subscription } from '../domain/subscription/subscription.ts'
import { changesBetween, factsOf, type Change } from '../domain/subscription/timeline.ts'
import type { UsageAlert } from '../domain/usage/alert.ts'
import type { SubscriptionView } from '../workflows/contract.ts'
import type { ActivityDependencies } from './dependencies.ts'

type Step = Pick<SubscriptionWrite, 'before' | 'after' | 'at' | 'actor' | 'cause'> & {
  /** The plan of `after`. */
  readonly plan: PlanVersion
  readonly eventIds?: readonly string[]
  /** It begins to be known here: one entry says so, and nobody is written to. */
  readonly isImport?: true
  /** An alert to tell beside what became of the subscription. */
  readonly telling?: {
    readonly change: Change
    readonly notice: Notice
    readonly alert: UsageAlert
  }
}

/** Writes one step of a subscription with all that follows from it, and tells the workflow what it needs to know. */
export function createRecorder(dependencies: ActivityDependencies) {
  const { repositories, accessPolicy, deliverNotices, webhooksChanged } = dependencies

  /**
   * Running it twice: a step that was written already leaves nothing to write, and a step that another write has
   * overtaken fails, so that its activity reads again and decides anew.
   */
  async function record(step: Step): Promise<SubscriptionView> {
    const { before, plan, at } = step
    const until = accessUntil(step.after, accessPolicy)
    const after = { ...step.after, accessUntil: until }
    const { telling } = step
    const notices = [
      ...(step.isImport ? [] : noticesFor(before, after, plan, at)),
      ...(telling === undefined ? [] : [telling.notice]),
    ]
    const timeZone = (await repositories.customers.find(before.userId))?.timeZone ?? null
    const outcome = await repositories.subscriptions.save({
      before,
      after,
      at,
      actor: step.actor,
      cause: step.cause,
      changes: [
        ...(step.isImport ? [importOf(before, after)] : changesOf(before, after, at)),
        ...(telling === undefined ? [] : [telling.change]),
      ],
      alert: telling?.alert ?? null,
      notices,
      windows:
        after.anchor !== null && isLive(after.status)
          ? quotaWindowsAt(plan, { anchor: after.anchor, timeZone }, at)
          : [],
      endWindowsAt: await countsAnewFrom(before, after, plan, at),
      eventIds: step.eventIds ?? [],
    })
    if (outcome === 'superseded')
      throw ApplicationFailure.retryable(
        `${before.id} moved on while this step was decided`,
        'superseded',
      )
    webhooksChanged()
    if (notices.length > 0) await deliverNotices(before.id, at)
    return view({ ...after, observedSeq: before.observedSeq + 1, updatedAt: at }, plan)
  }

  /**
   * Counting starts anew with the first period that is paid for: after a free plan, and after a trial. Any other change
   * keeps what was used, or one could buy a fresh quota for nothing by changing there and back.
   */
  async function countsAnewFrom(
    before: Subscription,
    after: Subscription,
    plan: PlanVersion,
    at: Date,
  ): Promise<Date | null> {
    if (after.status !== 'active' || isFree(plan)) return null
    // A free plan's window may be open beyond the trial that followed it; what was opened since then counts already.
    if (before.status === 'trialing') return after.period?.start ?? at
    // Not by the anchor: who leaves for a free plan and pays within a second has the same one.
    if (before.planVersionId === after.planVersionId) return null
    return isFree(await repositories.plans.getVersion(before.planVersionId)) ? at : null
  }

  async function view(subscription: Subscription, plan: PlanVersion): Promise<SubscriptionView> {
    const customer = await repositories.customers.find(subscription.userId)
    return viewOf(subscription, plan, customer?.stripeCustomerId ?? null)
  }

  return { record, view }
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

function viewOf(
  subscription: Subscription,
  plan: PlanVersion,
  stripeCustomerId: string | null,
): SubscriptionView {
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
        : {
            kind: pendingChange.kind,
            at: instantOf(pendingChange.at),
          },
    resumesAt: instantOf(subscription.resumesAt),
    pastDueSince: instantOf(subscription.pastDueSince),
    drift: subscription.drift ?? undefined,
    checkoutOpen: subscription.checkout === null ? undefined : true,
    checkoutGeneration: subscription.checkoutGeneration,
    stripeCustomerId: stripeCustomerId ?? undefined,
    observedSeq: subscription.observedSeq,
    due: due === null ? undefined : { at: instantOf(due.at), what: due.what },
    over: isLive(subscription.status) ? undefined : true,
  }
}

/** Stripe's instants are whole seconds, and a history keeps each one several times: it is written without its zeros. */
function instantOf(at: Date): string
function instantOf(at: Date | null | undefined): string | undefined
function instantOf(at: Date | null | undefined): string | undefined {
  return at?.toISOString().replace('.000Z', 'Z')
}
