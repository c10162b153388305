import type { Subscription } from '../domain/subscription/subscription.ts'
import type { Actor } from '../domain/subscription/timeline.ts'
import type { CommandAnswer, CommandRefusal, SubscriptionView } from '../workflows/contract.ts'
import { applySnapshot, type SnapshotOrder, type SnapshotParts } from './apply-snapshot.ts'
import { record, viewOf, type RecordParts } from './record.ts'
import type { ActivityParts } from './parts.ts'

/** The arguments that all commands of a subscription share. */
export type CommandOrder = {
  readonly subscriptionId: string
  readonly at: string
  readonly actor: Actor
  /** Numbers the command in its idempotency keys at Stripe: the same for each retry, another for each command. */
  readonly generation: number
}

export type CommandOutcome = { readonly answer: CommandAnswer; readonly view: SubscriptionView }

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
  const view = await applySnapshot(parts, before, order)
  return { answer: { kind: 'done', status: view.status }, view }
}

/** Completes a command of a free subscription, which Stripe does not know: `after` is stored. */
export async function doneHere(
  parts: RecordParts,
  before: Subscription,
  after: Subscription,
  { at, actor, cause }: SnapshotOrder,
): Promise<CommandOutcome> {
  const plan = await parts.repositories.plans.getVersion(after.planVersionId)
  const view = await record(parts, { before, after, plan, at, actor, cause })
  return { answer: { kind: 'done', status: view.status }, view }
}

const presentView = async ({ repositories }: ReadParts, subscription: Subscription) =>
  viewOf(
    repositories,
    subscription,
    await repositories.plans.getVersion(subscription.planVersionId),
  )
