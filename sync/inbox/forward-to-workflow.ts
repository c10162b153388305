import type {
  StoredStripeEvent,
  StripeEventRepository,
} from '../../domain/stripe/event-repository.ts'
import type { Subscription } from '../../domain/subscription/subscription.ts'
import { messageOf } from '../../adapters/telemetry/error-message.ts'
import type { Logger } from '../../adapters/telemetry/logger.ts'
import type { SubscriptionWorkflows } from '../../adapters/temporal/subscriptions.ts'
import { checkAgainAt, postponeAll } from './retry.ts'

/** The parts that forwarding to a workflow uses. */
export type ForwardParts = {
  readonly stripeEvents: StripeEventRepository
  readonly workflows: Pick<SubscriptionWorkflows, 'signal' | 'start'>
  readonly logger: Logger
}

/** The ids of events, by which the workflow marks them done, and their types, which explain the workflow's history. */
export const causeOf = (events: readonly StoredStripeEvent[]) => ({
  eventIds: events.map(({ eventId }) => eventId),
  types: events.map(({ type }) => type),
})

/**
 * Signals one fact for all these events to a subscription's workflow. If the workflow was lost, a new one starts. When the signal
 * fails, the events stay in the inbox and are retried.
 */
export async function forwardToWorkflow(
  { workflows, stripeEvents, logger }: ForwardParts,
  { id, userId, stripeSubscriptionId }: Subscription,
  events: readonly StoredStripeEvent[],
  at: Date,
): Promise<void> {
  const cause = causeOf(events)
  try {
    const joins =
      stripeSubscriptionId === null
        ? events.map(({ objectIds }) => objectIds.stripeSubscriptionId).find((each) => each)
        : undefined
    const fact = { kind: 'stripeChanged' as const, ...cause, ...(joins && { joins }) }
    if ((await workflows.signal(id, fact)) === 'closed')
      await workflows.start({ subscriptionId: id, userId }, fact)
    await stripeEvents.markForwarded(
      events.map((event) => ({ event, checkAgainAt: checkAgainAt(event, at) })),
      id,
    )
  } catch (error) {
    const { eventIds } = cause
    logger.warn({ err: error, eventIds }, 'events were not forwarded and stay in the inbox')
    await postponeAll(stripeEvents, events, messageOf(error), at)
  }
}
