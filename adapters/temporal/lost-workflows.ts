import type { SubscriptionRepository } from '../../domain/subscription/repository.ts'
import { subscriptionId } from '../../domain/ids.ts'
import { restartKey } from '../../domain/keys.ts'
import { isLive } from '../../domain/subscription/subscription.ts'
import type { Logger } from '../telemetry/logger.ts'
import { replyTo, type WorkflowReply } from './reply.ts'
import type { CommandTarget, SubscriptionWorkflows } from './subscriptions.ts'

type Parts = {
  readonly workflows: SubscriptionWorkflows
  readonly subscriptions: Pick<SubscriptionRepository, 'find'>
  readonly logger: Logger
}

/** Stands in the new workflow's history, in place of an event's id. */
const CAUSE = 'its workflow was lost'

/**
 * Restarts the workflow of a live subscription when a command finds it gone, for instance after someone terminated it by hand.
 * Without this the reply would be "the subscription has ended" while Stripe keeps charging. The new workflow starts from the
 * row, reads Stripe, and then gets the command. Running it twice, or in two processes, starts one workflow.
 */
export const restartingLost = (parts: Parts): SubscriptionWorkflows => ({
  ...parts.workflows,
  command: (update, target, request) =>
    sendOrRestart(parts, target, () => parts.workflows.command(update, target, request)),
  sync: (target) => sendOrRestart(parts, target, () => parts.workflows.sync(target)),
})

async function sendOrRestart<T>(
  { workflows, subscriptions, logger }: Parts,
  target: CommandTarget,
  send: () => Promise<WorkflowReply<T>>,
): Promise<WorkflowReply<T>> {
  const first = await send()
  if (first.kind !== 'closed') return first
  // The end of a subscription is written before its workflow closes.
  const current = await subscriptions.find(subscriptionId(target.subscriptionId))
  if (current === undefined || !isLive(current.status)) return first
  logger.warn({ subscriptionId: current.id }, 'a lost workflow is started again')
  const { id, userId } = current
  const fact = { kind: 'stripeChanged', eventIds: [CAUSE] } as const
  const started = await replyTo(() => workflows.start({ subscriptionId: id, userId }, fact))
  if (started.kind !== 'answered') return started
  // The workflow accepts commands once it has read the current state.
  const synced = await workflows.sync({ ...target, commandId: restartKey(target.commandId) })
  return synced.kind === 'unavailable' ? synced : send()
}
