import type Stripe from 'stripe'
import { isOwnStripeKey } from '../../domain/keys.ts'
import { reasonToPark } from '../../domain/stripe/event.ts'
import type { IncomingStripeEvent, Verdict } from '../../domain/stripe/inbox.ts'
import { objectIdsOf } from '../../adapters/stripe/events/events.ts'
import type { ThinEvent } from '../../adapters/stripe/events/thin-event.ts'

/** Which events are processed; the others are parked. */
export type InboxPolicy = {
  /** The deployment's name, part of our idempotency keys. It identifies events that our own requests caused. */
  readonly environment: string
  /** The mode of our API key. An event of the other mode is about other objects. @see https://docs.stripe.com/keys */
  readonly livemode: boolean
  /** Our own account. Events name one only with Stripe Connect. @see https://docs.stripe.com/connect/webhooks */
  readonly account: string | null
  /** Whether thin events, which come without their object, are processed. */
  readonly thinEvents: boolean
  /** Whether the inbox keeps whole events, for operators. The service itself uses only their ids. */
  readonly keepsBodies: boolean
}

/** The inbox row of an event, from a webhook or from Stripe's list of events. */
export function inboxRowOf(
  event: Stripe.Event,
  policy: InboxPolicy,
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

/** The inbox row of a thin event. A full event about the same change has the same id, so it is the same row. */
export function inboxRowOfThin(
  event: ThinEvent,
  policy: InboxPolicy,
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
      : parked('thin events are switched off (STRIPE_THIN_EVENTS)'),
  }
}

/** Sent when personal data is deleted. Storing their bodies would keep that data, and only the ids are needed. */
const PERSONAL: ReadonlySet<string> = new Set(['customer.deleted', 'payment_method.detached'])

/** Stands for the account of events that name none. */
const OWN_ACCOUNT = 'own'

const parked = (reason: string): Verdict => ({ state: 'parked', reason })

function verdictOn(
  event: {
    readonly type: string
    readonly account: string | null
    readonly livemode: boolean
    readonly requestKey: string | null
  },
  policy: InboxPolicy,
): Verdict {
  if (event.account !== null && event.account !== policy.account)
    return parked(`it belongs to another account, ${event.account}`)
  if (event.livemode !== policy.livemode)
    return parked(`it is from ${event.livemode ? 'live' : 'test'} mode, and our API key is not`)
  const reason = reasonToPark(event.type)
  if (reason !== undefined) return parked(reason)
  const { requestKey } = event
  // The code that sent the request reads Stripe itself, or does so when it is retried.
  const isEcho = requestKey !== null && isOwnStripeKey(policy.environment, requestKey)
  if (isEcho && event.type.startsWith('customer.subscription.'))
    return { state: 'done', reason: 'our own request caused it' }
  return { state: 'received' }
}
