import type { Rule } from '../domain/decision/rule.ts'
import type { Subscription } from '../domain/subscription/subscription.ts'
import type { Actor, RequestedBy } from '../domain/subscription/timeline.ts'
import type { CommandAnswer, CommandRefusal, SubscriptionView } from '../workflows/contract.ts'
import { applyWithSetAside, type SnapshotOrder, type SnapshotParts } from './apply-snapshot.ts'
import { record, viewOf, type RecordParts } from './record.ts'
import type { ActivityParts } from './parts.ts'

/** The arguments that all commands of a subscription share. */
export type CommandOrder = {
  readonly subscriptionId: string
  readonly at: string
  readonly actor: Actor
  readonly keyId?: string | null
  readonly askedBy?: string | null
  /** Numbers the command in its idempotency keys at Stripe: the same for each retry, another for each command. */
  readonly generation: number
}

/** The answer for the caller, and the view for the workflow. A refusal changes nothing. */
export type CommandOutcome = { readonly answer: CommandAnswer; readonly view: SubscriptionView }

/** Temporal's UI checks nothing: a longer name is cut, and a key that is no uuid is dropped. */
const NAME_MAX_CHARACTERS = 100

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i

/** The origin of a command, for its timeline entry. */
export const requestedBy = ({
  keyId = null,
  askedBy = null,
}: Pick<CommandOrder, 'keyId' | 'askedBy'>): RequestedBy => ({
  keyId: keyId !== null && UUID.test(keyId) ? keyId : null,
  askedBy: askedBy?.slice(0, NAME_MAX_CHARACTERS) ?? null,
})

/** Instant, actor and cause of a command's step. */
export const stepOf = (request: CommandOrder, cause: string) => ({
  at: new Date(request.at),
  actor: request.actor,
  by: requestedBy(request),
  cause,
})

type DoneAnswer = Extract<CommandAnswer, { kind: 'done' }>

type ReadParts = Pick<ActivityParts, 'repositories'>

/** Refuses a command and changes nothing. */
export const refused = async (
  parts: ReadParts,
  before: Subscription,
  code: CommandRefusal,
): Promise<CommandOutcome> => ({
  answer: { kind: 'refused', code },
  view: await presentView(parts, before),
})

/** Whether a bank still processes the payment of a purchase or change, so that it cannot be withdrawn. */
export const isBankAsked = ({ paymentProcessing, pendingChange }: Subscription): boolean =>
  paymentProcessing === 'first' ||
  (paymentProcessing !== null && pendingChange?.kind === 'awaiting_payment')

/** Answers a command that an earlier attempt has already carried out. */
export const alreadyDone = async (
  parts: ReadParts,
  before: Subscription,
): Promise<CommandOutcome> => ({
  answer: { kind: 'done', status: before.status },
  view: await presentView(parts, before),
})

/** Completes a command that Stripe has carried out: Stripe's state is read again and stored. */
export async function doneAtStripe(
  parts: SnapshotParts,
  before: Subscription,
  order: SnapshotOrder,
): Promise<CommandOutcome> {
  const { view, dropped } = await applyWithSetAside(parts, before, order)
  return { answer: { kind: 'done', status: view.status, ...(dropped && { dropped }) }, view }
}

/** As `doneAtStripe`, for a command that ends nothing. It is refused if the subscription has ended at Stripe meanwhile. */
export async function doneUnlessOver(
  parts: SnapshotParts,
  before: Subscription,
  order: SnapshotOrder,
): Promise<CommandOutcome> {
  const { answer, view } = await doneAtStripe(parts, before, order)
  return { answer: view.over ? { kind: 'refused', code: 'subscription_over' } : answer, view }
}

/** Completes a command of a free subscription, which Stripe does not know: the result of the rule is stored. */
export async function doneHere(
  parts: RecordParts,
  before: Subscription,
  rule: Rule,
  { at, actor, cause, by, dropped }: SnapshotOrder & Pick<DoneAnswer, 'dropped'>,
): Promise<CommandOutcome> {
  const { view } = await record(parts, { before, rule, at, actor, cause, by: by ?? null, dropped })
  return { answer: { kind: 'done', status: view.status, ...(dropped && { dropped }) }, view }
}

const presentView = async ({ repositories }: ReadParts, subscription: Subscription) =>
  viewOf(
    repositories,
    subscription,
    await repositories.plans.getVersion(subscription.planVersionId),
  )
