import { ApplicationFailure } from '@temporalio/activity'
import type { AddonUnits, Subscription } from '../domain/subscription/subscription.ts'
import { refused, type CommandOutcome } from './command.ts'
import type { ActivityParts } from './parts.ts'

type HeldChange = {
  readonly before: Subscription
  readonly planVersionId: string
  readonly quantity: number
  /** After the change. */
  readonly addons: readonly AddonUnits[]
  readonly at: Date
}

/**
 * Makes a change of plan or quantity while no more can be held (seats) than it leaves. Refuses it if more is held already: the API
 * looked before, and seats may have been taken since.
 *
 * After an error that is retried the lower limits stay, because Stripe may have carried out the change. After any other error and
 * after a refusal they are restored. Running it twice changes nothing more.
 */
export async function withHeldLimits(
  parts: Pick<ActivityParts, 'repositories'>,
  { before, planVersionId, quantity, addons, at }: HeldChange,
  change: () => Promise<CommandOutcome>,
): Promise<CommandOutcome> {
  const { usage } = parts.repositories
  const { id: subscriptionId } = before
  if (!(await usage.narrowHeld({ subscriptionId, planVersionId, quantity, addons }, at)))
    return refused(parts, before, 'quantity_in_use')
  try {
    const outcome = await change()
    if (outcome.answer.kind === 'refused') await usage.restoreHeld(subscriptionId, at)
    return outcome
  } catch (error) {
    const isFinal = error instanceof ApplicationFailure && error.nonRetryable === true
    if (isFinal) await usage.restoreHeld(subscriptionId, at)
    throw error
  }
}
