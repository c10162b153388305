import { isAhead } from '../../domain/invoice/invoice.ts'
import { UNKNOWN_HERE } from '../../domain/stripe/event.ts'
import { moneyBackKey } from '../../domain/keys.ts'
import { endsSubscription, type MoneyBackPolicy } from '../../domain/invoice/money-back.ts'
import type {
  StoredStripeEvent,
  StripeEventRepository,
} from '../../domain/stripe/event-repository.ts'
import {
  backoff,
  forwardToSubscription,
  UNKNOWN_ATTEMPTS_MAX,
  type ForwardingParts,
} from './forwarding.ts'
import { cancel } from '../../workflows/contract.ts'
import { onBehalfOf } from '../../adapters/telemetry/inbox.ts'
import type { SubscriptionWorkflows } from '../../adapters/temporal/subscriptions.ts'
import { mirrorInvoice, type MirroredInvoice, type InvoiceMirroring } from '../mirror-invoice.ts'

/** One round takes this many; what is left is the next round's. */
const BATCH_MAX = 100
/**
 * Longer than Stripe takes for a round of bills. What takes longer is read twice, which costs nothing; what a killed process
 * had taken waits this long, and then for the sweep, so not for a minute.
 */
const LEASE_MS = 40_000
/** Requests to Stripe at a time: its limit is 25 a second, in test mode. */
const CONCURRENT_MAX = 8
/** A bill is ahead of its subscription for a moment; after these attempts, some 3 seconds, it tells the workflow. */
const AHEAD_ATTEMPTS_MAX = 2
/** The events that tell of money which went back. */
const MONEY_BACK = ['charge.', 'refund.', 'credit_note.']

export type InvoiceEvents = ForwardingParts &
  InvoiceMirroring & {
    readonly stripeEvents: StripeEventRepository
    readonly workflows: Pick<SubscriptionWorkflows, 'tell' | 'begin' | 'move'>
    readonly moneyBack: MoneyBackPolicy
  }

/**
 * Mirrors the bills that events in the inbox tell of, each once, and answers how many events were taken up. A bill
 * changes nothing that a workflow decides, so none is woken, unless a bill shows that the subscription's own event was
 * lost. Running it twice, or in two processes, reads Stripe again and tells nothing twice.
 */
export async function mirrorInvoiceEvents(parts: InvoiceEvents, at: Date): Promise<number> {
  const claimed = await parts.stripeEvents.claimDue('bills', at, BATCH_MAX, LEASE_MS)
  const groups = new Map<string, StoredStripeEvent[]>()
  for (const event of claimed) {
    const key = event.objectIds.invoiceId ?? event.objectIds.paymentIntentId ?? event.eventId
    groups.set(key, [...(groups.get(key) ?? []), event])
  }
  const waiting = [...groups.values()]
  const next = async (): Promise<void> => {
    for (let events = waiting.shift(); events !== undefined; events = waiting.shift())
      await mirrorOnBehalf(parts, events, at)
  }
  await Promise.all(Array.from({ length: CONCURRENT_MAX }, next))
  return claimed.length
}

const mirrorOnBehalf = (parts: InvoiceEvents, events: readonly StoredStripeEvent[], at: Date) =>
  onBehalfOf(parts.telemetry, { lane: 'bills', events }, () => mirrorOrPostpone(parts, events, at))

async function mirrorOrPostpone(
  parts: InvoiceEvents,
  events: readonly StoredStripeEvent[],
  at: Date,
) {
  try {
    await book(parts, events, at)
  } catch (error) {
    parts.logger.warn({ err: error, eventIds: idsOf(events) }, 'bills wait in the inbox')
    const message = error instanceof Error ? error.message : String(error)
    for (const event of events)
      await parts.stripeEvents.postpone(event, message, backoff(event, at))
  }
}

async function book(parts: InvoiceEvents, events: readonly StoredStripeEvent[], at: Date) {
  const { stripeEvents } = parts
  const park = async (reason: string) => {
    for (const event of events) await stripeEvents.park(event, reason)
  }
  const invoiceId = await invoiceOf(parts, events)
  if (invoiceId === undefined) return park('it tells of no bill')
  const underWay = await isToldAlready(parts, events)
  const ends = (bill: MirroredInvoice) =>
    endsSubscription(bill.invoice, bill.subscription, parts.moneyBack)
  const isDone = (bill: MirroredInvoice) =>
    !ends(bill) && (underWay || !isAhead(bill.invoice, bill.subscription))
  const outcome = await mirrorInvoice(parts, {
    invoiceId,
    moneyBack: events.some(({ type }) => MONEY_BACK.some((prefix) => type.startsWith(prefix))),
    at,
    done: (bill) => (isDone(bill) ? idsOf(events) : []),
  })
  if (outcome.kind === 'foreign') return park('it is no bill of a subscription')
  if (outcome.kind === 'unknown') {
    const isHopeless = events.every(({ attempts }) => attempts >= UNKNOWN_ATTEMPTS_MAX)
    if (isHopeless || (!underWay && (await isLeftOut(parts, events)))) return park(UNKNOWN_HERE)
    for (const event of events)
      await stripeEvents.postpone(event, 'its subscription is not known yet', backoff(event, at))
    return undefined
  }
  if (outcome.changes.some(({ kind }) => kind === 'dispute_opened'))
    parts.logger.warn(
      { invoiceId, subscriptionId: outcome.subscription.id },
      'a payment is disputed, and a person has to answer the bank',
    )
  if (events.some(({ type }) => type === 'invoice.finalization_failed'))
    parts.logger.warn(
      { invoiceId, subscriptionId: outcome.subscription.id },
      'Stripe could not finish a bill, and collects nothing of this subscription until a person mends it',
    )
  if (isDone(outcome)) return undefined
  if (ends(outcome)) return endSubscription(parts, outcome, events, at)
  if (events.some(({ attempts }) => attempts > AHEAD_ATTEMPTS_MAX))
    return forwardToSubscription(parts, outcome.subscription, events, at)
  for (const event of events)
    await stripeEvents.postpone(event, 'its subscription is behind', backoff(event, at))
  return undefined
}

/** Ends the subscription in its own workflow; the events are done once that has answered. Asked twice, it ends once. */
async function endSubscription(
  parts: InvoiceEvents,
  { invoice, subscription }: MirroredInvoice,
  events: readonly StoredStripeEvent[],
  at: Date,
) {
  const of = { subscriptionId: subscription.id, commandId: moneyBackKey(invoice.id) }
  const asked = await parts.workflows.move(cancel, of, { when: 'now', actor: 'operator' })
  if (asked.kind === 'unavailable' || asked.kind === 'rejected')
    throw new Error(`${subscription.id} was not ended for ${invoice.id}: ${asked.kind}`)
  await mirrorInvoice(parts, {
    invoiceId: invoice.id,
    moneyBack: false,
    at,
    done: () => idsOf(events),
  })
}

/** A charge names its payment only, and the payment its bill. */
async function invoiceOf({ bills }: InvoiceEvents, [first]: readonly StoredStripeEvent[]) {
  const { invoiceId, paymentIntentId } = first?.objectIds ?? {}
  if (invoiceId) return invoiceId
  return paymentIntentId ? bills.findInvoiceOfPayment(paymentIntentId) : undefined
}

/** The subscription's own event is in the inbox, and is never lost there. */
async function isToldAlready(
  { stripeEvents }: InvoiceEvents,
  events: readonly StoredStripeEvent[],
): Promise<boolean> {
  const id = subscriptionOf(events)
  return id ? stripeEvents.isFactUnderWay(id) : false
}

/** Should the subscription become known here after all, its bills are told once more. */
async function isLeftOut({ stripeEvents }: InvoiceEvents, events: readonly StoredStripeEvent[]) {
  const id = subscriptionOf(events)
  return id ? stripeEvents.isLeftOut(id) : false
}

const subscriptionOf = (events: readonly StoredStripeEvent[]) =>
  events.map(({ objectIds }) => objectIds.stripeSubscriptionId).find((each) => each)

const idsOf = (events: readonly StoredStripeEvent[]) => events.map(({ eventId }) => eventId)
