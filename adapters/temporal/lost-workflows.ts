import type { SubscriptionRepository } from '../../domain/subscription/repository.ts'
import { subscriptionId } from '../../domain/ids.ts'
import { isLive } from '../../domain/subscription/subscription.ts'
import type { Logger } from '../telemetry/logger.ts'
import { replyTo, type WorkflowReply } from './reply.ts'
import type { SubscriptionWorkflows } from './subscriptions.ts'

type Parts = {
  readonly subscriptions: Pick<SubscriptionRepository, 'find'>
  readonly logger: Logger
}

/** It stands in the history of the new workflow, as an event would. */
const OCCASION = 'its workflow was lost'

/**
 * The workflows, where what is asked of a subscription that lives is asked even if its workflow was terminated by hand: it
 * would be a lie that the subscription is over, while Stripe goes on collecting. Another one begins from the row, reads
 * Stripe, and is asked then. Running it twice, or in two processes, begins one workflow.
 */
export function revivingLost(
  workflows: SubscriptionWorkflows,
  { subscriptions, logger }: Parts,
): SubscriptionWorkflows {
  async function asking<T>(
    of: { readonly subscriptionId: string; readonly commandId: string },
    ask: () => Promise<WorkflowReply<T>>,
  ): Promise<WorkflowReply<T>> {
    const first = await ask()
    if (first.kind !== 'closed') return first
    // What has ended is written before its workflow is closed.
    const own = await subscriptions.find(subscriptionId(of.subscriptionId))
    if (own === undefined || !isLive(own.status)) return first
    logger.warn({ subscriptionId: own.id }, 'a workflow was lost, and begins anew')
    const { id, userId } = own
    const told = { kind: 'stripeChanged', eventIds: [OCCASION] } as const
    const begun = await replyTo(() => workflows.begin({ subscriptionId: id, userId }, told))
    if (begun.kind !== 'answered') return begun
    // A move is let in once it is known what there is to be moved.
    const known = await workflows.sync({ ...of, commandId: `${of.commandId}/anew` })
    return known.kind === 'unavailable' ? known : ask()
  }

  return {
    ...workflows,
    move: (update, of, request) => asking(of, () => workflows.move(update, of, request)),
    sync: (of) => asking(of, () => workflows.sync(of)),
  }
}
