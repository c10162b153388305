import type {
  StoredStripeEvent,
  StripeEventRepository,
} from '../../domain/stripe/event-repository.ts'
import type { SubscriptionId } from '../../domain/ids.ts'
import {
  ALL_COMPARED,
  EVENTS_NOT_MADE,
  reasonToPark,
  UNKNOWN_HERE,
} from '../../domain/stripe/event.ts'
import { isLive, type Subscription } from '../../domain/subscription/subscription.ts'
import type { Logger } from '../../adapters/telemetry/logger.ts'
import { onBehalfOf } from '../../adapters/telemetry/inbox.ts'
import type { Telemetry } from '../../adapters/telemetry/telemetry.ts'
import type { SubscriptionWorkflows } from '../../adapters/temporal/subscriptions.ts'
import { importSubscription, type Importing } from '../import.ts'

/** One round takes this many; a burst of renewals takes several rounds. */
const BATCH_MAX = 200
/**
 * Longer than a signal may take, 10 seconds: meanwhile no other process takes the same event. What a killed process had taken
 * waits this long, and then for the sweep; with a workflow's step that died, too, that is within a minute.
 */
const LEASE_MS = 15_000
/** A fact that was told and is not taken in by then is told again; then after twice the time, up to an hour. */
const CHECK_AGAIN_MS = 60_000
const CHECK_AGAIN_MAX_MS = 60 * 60_000
/** 1, 2, 4 … up to 60 seconds: an outage of Temporal is waited out for days, a lost workflow is not asked for ever. */
const BACKOFF_MAX_MS = 60_000
/** A subscription may be a moment behind its own event; what no one knows after these attempts is somebody else's. */
export const UNKNOWN_ATTEMPTS_MAX = 6

/** What it takes to tell a workflow something that is in the inbox. */
export type ForwardingParts = {
  readonly stripeEvents: StripeEventRepository
  readonly workflows: Pick<SubscriptionWorkflows, 'tell' | 'begin'>
  readonly logger: Logger
  readonly telemetry?: Telemetry | undefined
}

export type Forwarding = ForwardingParts &
  Importing & {
    /** Begins to compare everything with Stripe. */
    readonly compareAll: (cause: string) => Promise<void>
  }

/**
 * Tells the workflows what came into the inbox, a single fact for all events of one subscription, and answers how many
 * events were taken up. Running it twice, or in two processes, tells some of them twice, which costs nothing.
 */
export async function forwardStripeEvents(forwarding: Forwarding, at: Date): Promise<number> {
  const { stripeEvents, repositories, telemetry } = forwarding
  const claimed = await stripeEvents.claimDue('facts', at, BATCH_MAX, LEASE_MS)
  const known = new Map<SubscriptionId, { of: Subscription; events: StoredStripeEvent[] }>()
  const strange = new Map<string, StoredStripeEvent[]>()
  for (const event of claimed) {
    const { stripeSubscriptionId: stripeId, customerId } = event.objectIds
    if (event.type === EVENTS_NOT_MADE) {
      await compare(forwarding, event, at)
      continue
    }
    const reason = reasonToPark(event.type)
    if (reason !== undefined) {
      await stripeEvents.park(event, reason)
      continue
    }
    // By the customer's id, so before that is forgotten.
    const found = await repositories.subscriptions.findByStripeIds(event.objectIds)
    if (event.type === 'customer.deleted' && customerId !== null)
      await forgetDeleted(forwarding, customerId)
    if (found !== undefined && standsFor(found, stripeId)) {
      if (isLive(found.status)) gather(known, found, event)
      else await stripeEvents.park(event, 'the subscription is over')
    } else if (event.type === 'customer.deleted')
      await stripeEvents.park(event, 'the customer had no subscription here')
    else if (stripeId !== null) strange.set(stripeId, [...(strange.get(stripeId) ?? []), event])
    else await waitOrPark(forwarding, event, at)
  }
  await Promise.all([
    ...[...known.values()].map(({ of, events }) =>
      onBehalfOf(telemetry, { lane: 'facts', events }, () =>
        forwardToSubscription(forwarding, of, events, at),
      ),
    ),
    ...[...strange].map(([stripeId, events]) =>
      onBehalfOf(telemetry, { lane: 'facts', events }, () =>
        meet(forwarding, stripeId, events, at),
      ),
    ),
  ])
  return claimed.length
}

/** Whether what happened to this subscription of Stripe's concerns ours: it is the same, or ours has none yet. */
const standsFor = (subscription: Subscription, stripeId: string | null): boolean =>
  stripeId === null ||
  subscription.stripeSubscriptionId === stripeId ||
  (subscription.stripeSubscriptionId === null && isLive(subscription.status))

function gather(
  known: Map<SubscriptionId, { of: Subscription; events: StoredStripeEvent[] }>,
  of: Subscription,
  event: StoredStripeEvent,
): void {
  const group = known.get(of.id) ?? { of, events: [] }
  group.events.push(event)
  known.set(of.id, group)
}

/** A customer who is gone at Stripe is made anew by the next checkout. */
async function forgetDeleted({ stripe, repositories }: Forwarding, customerId: string) {
  const customer = await stripe.customers.retrieve(customerId)
  if (customer.deleted === true) await repositories.customers.forgetStripeCustomer(customerId)
}

/** Takes care of a subscription of Stripe's that no row stands for. What fails stays in the inbox. */
async function meet(
  forwarding: Forwarding,
  stripeId: string,
  events: readonly StoredStripeEvent[],
  at: Date,
): Promise<void> {
  const { stripeEvents, logger } = forwarding
  const { eventIds, types } = webhookOfChange(events)
  try {
    const met = await importSubscription(forwarding, stripeId, { eventIds, types }, at)
    for (const event of events)
      // Once it is taken in, its workflow says that they are done.
      if (met.kind === 'taken_in')
        await stripeEvents.postpone(event, 'it is being taken in', backoff(event, at))
      else await stripeEvents.park(event, met.reason)
  } catch (error) {
    logger.warn({ err: error, eventIds }, 'a subscription was not taken in yet')
    const message = error instanceof Error ? error.message : String(error)
    for (const event of events) await stripeEvents.postpone(event, message, backoff(event, at))
  }
}

/** What a workflow is told of events: their names, and their types for whoever reads its history. */
const webhookOfChange = (events: readonly StoredStripeEvent[]) => ({
  eventIds: events.map(({ eventId }) => eventId),
  types: events.map(({ type }) => type),
})

/** Tells one fact for all these events. What is not told stays in the inbox. */
export async function forwardToSubscription(
  { workflows, stripeEvents, logger }: ForwardingParts,
  { id, userId, stripeSubscriptionId }: Subscription,
  events: readonly StoredStripeEvent[],
  at: Date,
): Promise<void> {
  const { eventIds, types } = webhookOfChange(events)
  try {
    const joins =
      stripeSubscriptionId === null
        ? events.map(({ objectIds }) => objectIds.stripeSubscriptionId).find((each) => each)
        : undefined
    const told = { kind: 'stripeChanged' as const, eventIds, types, ...(joins && { joins }) }
    // A row that lives has a workflow; one whose workflow was lost gets another.
    if ((await workflows.tell(id, told)) === 'closed')
      await workflows.begin({ subscriptionId: id, userId }, told)
    for (const event of events)
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

/** What no event tells of is found by looking at everything. */
async function compare(
  { compareAll, stripeEvents, logger }: Forwarding,
  event: StoredStripeEvent,
  at: Date,
): Promise<void> {
  try {
    await compareAll('Stripe could not make events')
    await stripeEvents.park(event, ALL_COMPARED)
  } catch (error) {
    logger.warn({ err: error, eventId: event.eventId }, 'a comparison did not begin yet')
    const message = error instanceof Error ? error.message : String(error)
    await stripeEvents.postpone(event, message, backoff(event, at))
  }
}

async function waitOrPark({ stripeEvents }: Forwarding, event: StoredStripeEvent, at: Date) {
  if (event.attempts >= UNKNOWN_ATTEMPTS_MAX) await stripeEvents.park(event, UNKNOWN_HERE)
  else await stripeEvents.postpone(event, 'its subscription is not known yet', backoff(event, at))
}

export const backoff = (event: StoredStripeEvent, at: Date): Date =>
  later(at, 1_000, event, BACKOFF_MAX_MS)

/** Twice as late with each attempt. */
const later = (at: Date, firstMs: number, { attempts }: StoredStripeEvent, maxMs: number): Date =>
  new Date(at.getTime() + Math.min(firstMs * 2 ** (attempts - 1), maxMs))
