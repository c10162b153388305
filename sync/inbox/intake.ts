import type Stripe from 'stripe'
import { isOwnStripeKey } from '../../domain/keys.ts'
import { reasonToPark } from '../../domain/stripe/event.ts'
import type { IncomingStripeEvent, Verdict } from '../../domain/stripe/inbox.ts'
import { objectIdsOf } from '../../adapters/stripe/events/events.ts'
import type { ThinEvent } from '../../adapters/stripe/events/thin-event.ts'

/** Whose events are acted upon. */
export type IntakePolicy = {
  /** Part of our own keys: by it our echoes are known. */
  readonly environment: string
  /** What our API key is for: an event of the other mode tells of other objects. */
  readonly livemode: boolean
  /** Our own account, where events name one; they do where accounts are connected. */
  readonly account: string | null
  /** Whether events without their objects are acted upon. */
  readonly thinEvents: boolean
  /** Whether the inbox keeps what Stripe said besides ids. Nothing reads it. */
  readonly keepsBodies: boolean
}

/** An event as its row in the inbox, whichever way it came: as a webhook, or from the list of events. */
export function inboxRowOf(
  event: Stripe.Event,
  policy: IntakePolicy,
  receivedAt: Date,
): IncomingStripeEvent {
  const account = event.account ?? null
  return {
    account: account ?? OWN_ACCOUNT,
    livemode: event.livemode,
    eventId: event.id,
    type: event.type,
    apiVersion: event.api_version,
    createdAt: new Date(event.created * 1_000),
    receivedAt,
    objectIds: objectIdsOf(event.data.object),
    payload: policy.keepsBodies && !PERSONAL.has(event.type) ? event : null,
    verdict: verdictOn(
      {
        type: event.type,
        account,
        livemode: event.livemode,
        requestKey: event.request?.idempotency_key ?? null,
      },
      policy,
    ),
  }
}

/** The row of an event without its object. Its twin with the object, if both come, is the same row. */
export function inboxRowOfThin(
  event: ThinEvent,
  policy: IntakePolicy,
  receivedAt: Date,
): IncomingStripeEvent {
  const { account, livemode, type } = event
  return {
    account: account ?? OWN_ACCOUNT,
    livemode,
    eventId: event.eventId,
    type,
    apiVersion: null,
    createdAt: event.createdAt,
    receivedAt,
    objectIds: event.objectIds,
    payload: policy.keepsBodies ? event.payload : null,
    verdict: policy.thinEvents
      ? verdictOn({ type, account, livemode, requestKey: event.requestKey }, policy)
      : parked('events without their objects are switched off (STRIPE_THIN_EVENTS)'),
  }
}

/** Sent when somebody is forgotten: kept, they would be the one place that remembers. Nothing but their ids is needed. */
const PERSONAL: ReadonlySet<string> = new Set(['customer.deleted', 'payment_method.detached'])

/** The account of events that name none. */
const OWN_ACCOUNT = 'own'

const parked = (reason: string): Verdict => ({ state: 'parked', reason })

function verdictOn(
  event: {
    readonly type: string
    readonly account: string | null
    readonly livemode: boolean
    readonly requestKey: string | null
  },
  policy: IntakePolicy,
): Verdict {
  if (event.account !== null && event.account !== policy.account)
    return parked(`it is of another account, ${event.account}`)
  if (event.livemode !== policy.livemode)
    return parked(`it is of ${event.livemode ? 'live' : 'test'} mode, and our key is not`)
  const reason = reasonToPark(event.type)
  if (reason !== undefined) return parked(reason)
  const { requestKey } = event
  // Whoever asked has read Stripe since, or does so when it is tried again.
  const isEcho = requestKey !== null && isOwnStripeKey(policy.environment, requestKey)
  if (isEcho && event.type.startsWith('customer.subscription.'))
    return { state: 'done', reason: 'it is the echo of our own request' }
  return { state: 'received' }
}
