import type { Subscription } from '../domain/subscription/subscription.ts'
import type { Actor } from '../domain/subscription/timeline.ts'
import type { CommandAnswer, CommandRefusal, SubscriptionView } from '../workflows/contract.ts'
import type { ActivityDependencies } from './dependencies.ts'
import { createRecorder } from './recorder.ts'
import { createSnapshotApplication, type SnapshotApplication } from './takeover.ts'

/** What every command of a running subscription brings along. */
export type CommandOrder = {
  readonly subscriptionId: string
  readonly at: string
  readonly actor: Actor
  /** Names the command in the keys that Stripe gets: the same for each retry, another for each command. */
  readonly generation: number
}

export type CommandOutcome = { readonly answer: CommandAnswer; readonly view: SubscriptionView }

/** The ways in which a command ends. */
export function createCommands(dependencies: ActivityDependencies) {
  const { plans } = dependencies.repositories
  const { record, view } = createRecorder(dependencies)
  const { load, takeOver } = createSnapshotApplication(dependencies)

  async function refuse(before: Subscription, code: CommandRefusal): Promise<CommandOutcome> {
    const plan = await plans.getVersion(before.planVersionId)
    return { answer: { kind: 'refused', code }, view: await view(before, plan) }
  }

  /** Nothing is left to do: another attempt did it. */
  async function done(before: Subscription): Promise<CommandOutcome> {
    const plan = await plans.getVersion(before.planVersionId)
    return { answer: { kind: 'done', status: before.status }, view: await view(before, plan) }
  }

  /** Stripe was asked, and is read again: what it says now is what was done. */
  async function seen(before: Subscription, given: SnapshotApplication): Promise<CommandOutcome> {
    const after = await takeOver(before, given)
    return { answer: { kind: 'done', status: after.status }, view: after }
  }

  /** Stripe does not know the subscription: what we write is what was done. */
  async function written(
    before: Subscription,
    after: Subscription,
    { at, actor, cause }: SnapshotApplication,
  ): Promise<CommandOutcome> {
    const plan = await plans.getVersion(after.planVersionId)
    const recorded = await record({ before, after, plan, at, actor, cause })
    return { answer: { kind: 'done', status: recorded.status }, view: recorded }
  }

  return { load, done, refuse, seen, written }
}
