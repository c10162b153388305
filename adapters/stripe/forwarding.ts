import type {
  StoredStripeEvent,
  StripeEventRepository,
  SubscriptionRepository,
} from '../../domain/repositories.ts'
import type { SubscriptionId } from '../../domain/ids.ts'
import { isLive } from '../../domain/subscription.ts'
import type { Logger } from '../logger.ts'
import type { SubscriptionWorkflows } from '../temporal/subscriptions.ts'

/** One round takes this many; a burst of renewals takes several rounds. */
const BATCH_MAX = 200
/** Longer than a signal may take: meanwhile no other process takes the same event. */
const LEASE_MS = 30_000
/** A fact that was told and is not taken in by then is told again; then after twice the time, up to an hour. */
const CHECK_AGAIN_MS = 60_000
const CHECK_AGAIN_MAX_MS = 60 * 60_000
/** 1, 2, 4 … up to 60 seconds: an outage of Temporal is waited out for days, a lost workflow is not asked for ever. */
const BACKOFF_MAX_MS = 60_000
/** A subscription may be a moment behind its own event; what no one knows after these attempts is somebody else's. */
export const UNKNOWN_ATTEMPTS_MAX = 6

/** Events that change a subscription. Those of bills are `bill-events.ts`'s; the others are kept for an operator's eye. */
const HANDLED = ['checkout.session.', 'customer.subscription.']

/** What it takes to tell a workflow something that is in the inbox. */
export type Telling = {
  readonly stripeEvents: StripeEventRepository
  readonly workflows: Pick<SubscriptionWorkflows, 'tell'>
  readonly logger: Logger
}

export type Forwarding = Telling & { readonly subscriptions: SubscriptionRepository }

/**
 * Tells the workflows what came into the inbox, a single fact for all events of one subscription, and answers how many
 * events were taken up. Running it twice, or in two processes, tells some of them twice, which costs nothing.
 */
export async function forwardStripeEvents(forwarding: Forwarding, at: Date): Promise<number> {
  const { stripeEvents, subscriptions } = forwarding
  const claimed = await stripeEvents.claimDue('facts', at, BATCH_MAX, LEASE_MS)
  const grouped = new Map<SubscriptionId, StoredStripeEvent[]>()
  for (const event of claimed) {
    if (!HANDLED.some((prefix) => event.type.startsWith(prefix))) {
      await stripeEvents.park(event, 'its type tells nothing of a subscription')
      continue
    }
    const subscription = await subscriptions.findByStripeIds(event.objectIds)
    if (subscription === undefined) await waitOrPark(forwarding, event, at)
    else if (!isLive(subscription.status))
      await stripeEvents.park(event, 'the subscription is over')
    else grouped.set(subscription.id, [...(grouped.get(subscription.id) ?? []), event])
  }
  await Promise.all(
    [...grouped].map(([id, events]) => tellSubscription(forwarding, id, events, at)),
  )
  return claimed.length
}

/** Tells one fact for all these events. What is not told stays in the inbox. */
export async function tellSubscription(
  { workflows, stripeEvents, logger }: Telling,
  id: SubscriptionId,
  events: readonly StoredStripeEvent[],
  at: Date,
): Promise<void> {
  const eventIds = events.map((event) => event.eventId)
  try {
    const told = await workflows.tell(id, { kind: 'stripeChanged', eventIds })
    for (const event of events)
      if (told === 'closed') await stripeEvents.park(event, 'the subscription has no open workflow')
      else
        await stripeEvents.markForwarded(
          event,
          id,
          later(at, CHECK_AGAIN_MS, event, CHECK_AGAIN_MAX_MS),
        )
  } catch (error) {
    logger.warn({ err: error, eventIds }, 'events were not forwarded and stay in the inbox')
    const message = error instanceof Error ? error.message : String(error)
    for (const event of events) await stripeEvents.postpone(event, message, backoff(event, at))
  }
}

async function waitOrPark({ stripeEvents }: Forwarding, event: StoredStripeEvent, at: Date) {
  if (event.attempts >= UNKNOWN_ATTEMPTS_MAX)
    await stripeEvents.park(event, 'it belongs to no subscription that is known here')
  else await stripeEvents.postpone(event, 'its subscription is not known yet', backoff(event, at))
}

export const backoff = (event: StoredStripeEvent, at: Date): Date =>
  later(at, 1_000, event, BACKOFF_MAX_MS)

/** Twice as late with each attempt. */
const later = (at: Date, firstMs: number, { attempts }: StoredStripeEvent, maxMs: number): Date =>
  new Date(at.getTime() + Math.min(firstMs * 2 ** (attempts - 1), maxMs))
