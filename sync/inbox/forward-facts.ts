import type { StoredStripeEvent } from '../../domain/stripe/event-repository.ts'
import type { SubscriptionId } from '../../domain/ids.ts'
import {
  SETTLED,
  ALL_COMPARED,
  EVENTS_NOT_MADE,
  reasonToPark,
  UNKNOWN_HERE,
} from '../../domain/stripe/event.ts'
import { isLive, type Subscription } from '../../domain/subscription/subscription.ts'
import { findAtStripe } from '../../adapters/stripe/sdk/errors.ts'
import { inInboxSpan } from '../../adapters/telemetry/inbox-trace.ts'
import type { Telemetry } from '../../adapters/telemetry/telemetry.ts'
import { importSubscription, type ImportParts } from '../import.ts'
import { followEmail, type FollowEmailParts } from './follow-email.ts'
import { causeOf, forwardToWorkflow, type ForwardParts } from './forward-to-workflow.ts'
import { parkAll, postponeAll, postponeFailed, UNKNOWN_ATTEMPTS_MAX } from './retry.ts'

/** Events per round. A burst of renewals takes several rounds. */
const BATCH_MAX = 200
/** Full rounds that follow each other at once. The next sweep continues. */
const ROUNDS_MAX = 50
/**
 * How long a claimed event belongs to one process. Longer than a signal may take, which is 10 seconds. The events of a killed
 * process wait this long, and then for the next sweep: together less than a minute.
 */
const LEASE_MS = 15_000

/** The parts that a round of the inbox uses. */
export type ForwardFactsParts = ForwardParts &
  ImportParts &
  Pick<FollowEmailParts, 'emailOwner'> & {
    readonly telemetry?: Telemetry | undefined
    /** Starts a comparison of everything with Stripe. */
    readonly compareAll: (cause: string) => Promise<void>
  }

/** The events of one round: by our subscription, and by the id at Stripe of subscriptions that we do not know. */
type Groups = {
  /** Many events of a round may name the same objects: each is looked up once. */
  readonly lookUp: (ids: StoredStripeEvent['objectIds']) => Promise<Subscription | undefined>
  readonly known: Map<SubscriptionId, { of: Subscription; events: StoredStripeEvent[] }>
  readonly unknown: Map<string, StoredStripeEvent[]>
}

/**
 * Forwards the due facts of the inbox to their workflows, one signal for all events of a subscription. Running it twice, or in
 * two processes, may signal a workflow twice, which is harmless.
 *
 * @returns the number of claimed events
 */
export async function forwardStripeEvents(parts: ForwardFactsParts, at: Date): Promise<number> {
  const started = performance.now()
  let count = 0
  for (let rounds = 0; rounds < ROUNDS_MAX; rounds++) {
    // The time must advance, or later leases would end too early.
    const now = new Date(at.getTime() + performance.now() - started)
    const claimed = await forwardRound(parts, now)
    count += claimed
    // Without more events due, the next ones wait for their webhook or the next sweep.
    if (claimed < BATCH_MAX) break
  }
  return count
}

async function forwardRound(parts: ForwardFactsParts, at: Date): Promise<number> {
  const { stripeEvents, telemetry, repositories } = parts
  const claimed = await stripeEvents.claimDue('facts', at, BATCH_MAX, LEASE_MS)
  const lookUp = onceFor((ids) => repositories.subscriptions.findByStripeIds(ids))
  const groups: Groups = { lookUp, known: new Map(), unknown: new Map() }
  for (const event of claimed) await sortOrPostpone(parts, groups, event, at)
  await Promise.all([
    ...[...groups.known.values()].map(({ of, events }) =>
      inInboxSpan(telemetry, { queue: 'facts', events }, () =>
        forwardToWorkflow(parts, of, events, at),
      ),
    ),
    ...[...groups.unknown].map(([stripeId, events]) =>
      inInboxSpan(telemetry, { queue: 'facts', events }, () =>
        importUnknown(parts, stripeId, events, at),
      ),
    ),
  ])
  return claimed.length
}

/** Looks up each combination of ids once. A failure is remembered too, so its events fail together. */
function onceFor(find: Groups['lookUp']): Groups['lookUp'] {
  const found = new Map<string, ReturnType<typeof find>>()
  return (ids) => {
    const name = JSON.stringify(ids)
    const first = found.get(name) ?? find(ids)
    found.set(name, first)
    return first
  }
}

/** A failure is that event's own: the others of the round continue. */
async function sortOrPostpone(
  parts: ForwardFactsParts,
  groups: Groups,
  event: StoredStripeEvent,
  at: Date,
): Promise<void> {
  try {
    await sort(parts, groups, event, at)
  } catch (error) {
    parts.logger.warn({ err: error, eventId: event.eventId }, 'an event waits in the inbox')
    await postponeFailed(parts.stripeEvents, [event], error, at)
  }
}

/** Puts an event into its group, or handles it at once when it belongs to none. */
async function sort(
  parts: ForwardFactsParts,
  { lookUp, known, unknown }: Groups,
  event: StoredStripeEvent,
  at: Date,
): Promise<void> {
  const { stripeEvents } = parts
  const { stripeSubscriptionId: stripeId, customerId } = event.objectIds
  if (event.type === EVENTS_NOT_MADE) return compareEverything(parts, event, at)
  const reason = reasonToPark(event.type)
  if (reason !== undefined) return stripeEvents.park(event, reason)
  if (event.type === 'customer.updated') return followEmail(parts, event)
  // The subscription is found by the customer's id, so this comes before that id is removed.
  const found = await lookUp(event.objectIds)
  if (event.type === 'customer.deleted' && customerId !== null)
    await forgetDeleted(parts, customerId)
  if (found !== undefined && concerns(found, stripeId)) {
    if (!isLive(found.status)) return stripeEvents.park(event, SETTLED.subscriptionOver)
    const group = known.get(found.id) ?? { of: found, events: [] }
    group.events.push(event)
    known.set(found.id, group)
    return undefined
  }
  if (event.type === 'customer.deleted') return stripeEvents.park(event, SETTLED.customerUnknown)
  if (stripeId === null) return postponeOrPark(parts, event, at)
  unknown.set(stripeId, [...(unknown.get(stripeId) ?? []), event])
  return undefined
}

/** Whether a subscription at Stripe is this one: it has that id, or has none yet. */
const concerns = (subscription: Subscription, stripeId: string | null): boolean =>
  stripeId === null ||
  subscription.stripeSubscriptionId === stripeId ||
  (subscription.stripeSubscriptionId === null && isLive(subscription.status))

/** Removes the id of a customer who was deleted at Stripe. The next checkout creates another one. */
async function forgetDeleted({ stripe, repositories }: ForwardFactsParts, customerId: string) {
  // Stripe keeps deleted customers. One that it does not have belongs to another account, so our id of it stays.
  const customer = await findAtStripe(() => stripe.customers.retrieve(customerId))
  if (customer?.deleted === true) await repositories.customers.forgetStripeCustomer(customerId)
}

/** Imports a subscription that has no row here. When that fails, its events stay in the inbox and are retried. */
async function importUnknown(
  parts: ForwardFactsParts,
  stripeId: string,
  events: readonly StoredStripeEvent[],
  at: Date,
): Promise<void> {
  const { stripeEvents, logger } = parts
  const cause = causeOf(events)
  try {
    const outcome = await importSubscription(parts, stripeId, cause, at)
    if (outcome.kind === 'skipped') await parkAll(stripeEvents, events, outcome.reason)
    // The workflow marks these events done when the import is complete.
    else await postponeAll(stripeEvents, events, 'its subscription is being imported', at)
  } catch (error) {
    const { eventIds } = cause
    logger.warn({ err: error, eventIds }, 'a subscription was not imported yet')
    await postponeFailed(stripeEvents, events, error, at)
  }
}

/** Changes without an event can only be found by comparing everything. */
async function compareEverything(
  { compareAll, stripeEvents, logger }: ForwardFactsParts,
  event: StoredStripeEvent,
  at: Date,
): Promise<void> {
  try {
    await compareAll('Stripe could not make events')
    await stripeEvents.park(event, ALL_COMPARED)
  } catch (error) {
    logger.warn({ err: error, eventId: event.eventId }, 'a comparison did not start yet')
    await postponeFailed(stripeEvents, [event], error, at)
  }
}

/** An event may arrive a moment before its subscription is known. */
async function postponeOrPark(
  { stripeEvents }: ForwardFactsParts,
  event: StoredStripeEvent,
  at: Date,
): Promise<void> {
  if (event.attempts >= UNKNOWN_ATTEMPTS_MAX) await stripeEvents.park(event, UNKNOWN_HERE)
  else await postponeAll(stripeEvents, [event], 'its subscription is not known yet', at)
}
