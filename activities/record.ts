import { ApplicationFailure } from '@temporalio/activity'
import type { PlanVersion } from '../domain/catalogue/plan.ts'
import { decide } from '../domain/decision/decide.ts'
import { planIn, type DecisionFacts } from '../domain/decision/facts.ts'
import { recordOf } from '../domain/decision/decision-record.ts'
import { applyRule, versionsOf, versionsOfRule, type Rule } from '../domain/decision/rule.ts'
import { nextDue } from '../domain/subscription/due.ts'
import type { Repositories } from '../domain/repositories.ts'
import type { SubscriptionWrite } from '../domain/subscription/repository.ts'
import type { DroppedChange } from '../domain/subscription/set-aside.ts'
import { isOver, type Subscription } from '../domain/subscription/subscription.ts'
import type { SubscriptionView } from '../workflows/contract.ts'
import type { ActivityParts } from './parts.ts'

/** A step to decide and to write. */
type Step = Pick<SubscriptionWrite, 'before' | 'at' | 'actor' | 'cause' | 'by'> &
  Partial<Pick<DecisionFacts, 'isImport' | 'trialRefused'>> & {
    readonly rule: Rule
    readonly eventIds?: readonly string[]
    /** A plan change that cannot return after its cancellation was withdrawn. */
    readonly dropped?: DroppedChange | undefined
  }

/** The parts of every activity that writes a step of a subscription. */
export type RecordParts = Pick<
  ActivityParts,
  'repositories' | 'accessPolicy' | 'deliverLetters' | 'webhooksChanged' | 'build'
>

/** A written step. */
type Recorded = { readonly after: Subscription; readonly view: SubscriptionView }

/**
 * Decides one step of a subscription, and writes it with its timeline entries, letters, quota windows and the decision
 * itself in one transaction. Running it twice: a step that is already written leaves nothing to write.
 *
 * @returns the subscription after it, and the view for the workflow.
 * @throws ApplicationFailure `superseded`, which is retried, when another write came in between: the activity reads and
 *   decides again.
 */
export async function record(parts: RecordParts, step: Step): Promise<Recorded> {
  const { repositories, deliverLetters, webhooksChanged } = parts
  const { before, at, rule } = step
  const facts = await factsFor(parts, step)
  const decision = decide(facts)
  const { after, letters } = decision
  const outcome = await repositories.subscriptions.save({
    before,
    ...decision,
    at,
    actor: step.actor,
    cause: step.cause,
    by: step.by ?? null,
    alert: rule.name === 'usage_alert' ? rule.alert : null,
    eventIds: step.eventIds ?? [],
    decision: recordOf(facts, decision, parts.build),
  })
  if (outcome === 'superseded')
    throw ApplicationFailure.retryable(
      `${before.id} moved on while this step was decided`,
      'superseded',
    )
  webhooksChanged()
  if (letters.length > 0) await deliverLetters(before.id, at)
  const written = { ...after, observedSeq: before.observedSeq + 1, updatedAt: at }
  const plan = planIn(facts.plans)(after.planVersionId)
  return { after: written, view: await viewOf(repositories, written, plan) }
}

/** Reads everything that the step is decided from. */
async function factsFor(
  { repositories: { customers, plans }, accessPolicy }: RecordParts,
  { before, rule, at, isImport = false, trialRefused = [], dropped }: Step,
): Promise<DecisionFacts> {
  const found = new Map<string, PlanVersion>()
  const read = async (ids: readonly string[]) => {
    for (const id of new Set(ids)) if (!found.has(id)) found.set(id, await plans.getVersion(id))
  }
  await read(versionsOfRule(before, rule))
  if (dropped !== undefined) await read([dropped.planVersionId])
  await read(versionsOf(applyRule(before, rule, { planOf: planIn(found), at })))
  const timeZone = (await customers.find(before.userId))?.timeZone ?? null
  return {
    before,
    rule,
    at,
    policy: accessPolicy,
    timeZone,
    plans: found,
    isImport,
    trialRefused,
    dropped: dropped ?? null,
  }
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

/** Without milliseconds that are zero: Stripe's instants are whole seconds, and a history repeats each one several times. */
function instantOf(at: Date): string
function instantOf(at: Date | null | undefined): string | undefined
function instantOf(at: Date | null | undefined): string | undefined {
  return at?.toISOString().replace('.000Z', 'Z')
}
