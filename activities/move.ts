import type { Subscription } from '../domain/subscription/subscription.ts'
import type { Actor } from '../domain/subscription/timeline.ts'
import type { MoveAnswer, MoveRefusal, SubscriptionView } from '../workflows/contract.ts'
import type { ActivityDependencies } from './dependencies.ts'
import { createRecorder } from './recorder.ts'
import { createTakeover, type Takeover } from './takeover.ts'

/** What every command of a running subscription brings along. */
export type MoveOrder = {
  readonly subscriptionId: string
  readonly at: string
  readonly actor: Actor
  /** Names the command in the keys that Stripe gets: the same for each retry, another for each command. */
  readonly generation: number
}

export type MoveOutcome = { readonly answer: MoveAnswer; readonly view: SubscriptionView }

/** The ways in which a command ends. */
export function createMoves(dependencies: ActivityDependencies) {
  const { plans } = dependencies.repositories
  const { record, view } = createRecorder(dependencies)
  const { load, takeOver } = createTakeover(dependencies)

  async function refuse(before: Subscription, code: MoveRefusal): Promise<MoveOutcome> {
    const plan = await plans.getVersion(before.planVersionId)
    return { answer: { kind: 'refused', code }, view: await view(before, plan) }
  }

  /** Nothing is left to do: another attempt did it. */
  async function done(before: Subscription): Promise<MoveOutcome> {
    const plan = await plans.getVersion(before.planVersionId)
    return { answer: { kind: 'done', status: before.status }, view: await view(before, plan) }
  }

  /** Stripe was asked, and is read again: what it says now is what was done. */
  async function seen(before: Subscription, given: Takeover): Promise<MoveOutcome> {
    const after = await takeOver(before, given)
    return { answer: { kind: 'done', status: after.status }, view: after }
  }

  /** Stripe does not know the subscription: what we write is what was done. */
  async function written(
    before: Subscription,
    after: Subscription,
    { at, actor, cause }: Takeover,
  ): Promise<MoveOutcome> {
    const plan = await plans.getVersion(after.planVersionId)
    const recorded = await record({ before, after, plan, at, actor, cause })
    return { answer: { kind: 'done', status: recorded.status }, view: recorded }
  }

  return { load, done, refuse, seen, written }
}
