import { endsSubscription, type MoneyBackPolicy } from '../../domain/invoice/money-back.ts'
import { isAhead } from '../../domain/invoice/invoice.ts'
import { moneyBackKey } from '../../domain/keys.ts'
import { SETTLED, UNKNOWN_HERE } from '../../domain/stripe/event.ts'
import type { StoredStripeEvent } from '../../domain/stripe/event-repository.ts'
import { cancel } from '../../workflows/contract.ts'
import { inInboxSpan } from '../../adapters/telemetry/inbox-trace.ts'
import type { Telemetry } from '../../adapters/telemetry/telemetry.ts'
import type { SubscriptionWorkflows } from '../../adapters/temporal/subscriptions.ts'
import {
  mirrorInvoice,
  type MirroredInvoice,
  type MirrorOutcome,
  type MirrorParts,
} from '../mirror-invoice.ts'
import { forwardToWorkflow, type ForwardParts } from './forward-to-workflow.ts'
import { parkAll, postponeAll, postponeFailed, UNKNOWN_ATTEMPTS_MAX } from './retry.ts'

/** Events per round. The next round claims the rest. */
const BATCH_MAX = 100
/**
 * How long a claimed event belongs to one process. Longer than Stripe needs for a round. An invoice that is read twice does no
 * harm. The events of a killed process wait this long, and then for the next sweep: together less than a minute.
 */
const LEASE_MS = 40_000
/** Invoices read at the same time. Stripe allows 25 requests a second in a sandbox. @see https://docs.stripe.com/rate-limits */
const CONCURRENT_MAX = 8
/** An invoice may arrive before its subscription's event. After these attempts, about 3 seconds, the workflow is signaled. */
const AHEAD_ATTEMPTS_MAX = 2
/** The event types about refunds and disputes. */
const MONEY_BACK_PREFIXES = ['charge.', 'refund.', 'credit_note.']

/** The parts that events about invoices use. */
export type MirrorInvoicesParts = ForwardParts &
  MirrorParts & {
    readonly telemetry?: Telemetry | undefined
    readonly workflows: Pick<SubscriptionWorkflows, 'signal' | 'start' | 'command'>
    readonly moneyBack: MoneyBackPolicy
  }

/**
 * Mirrors the invoices of due events, each invoice once. No workflow depends on an invoice, so none is signaled, unless the
 * invoice shows that the subscription's own event was lost. Running it twice, or in two processes, reads Stripe again and
 * changes nothing more.
 *
 * @returns the number of claimed events
 */
export async function mirrorInvoiceEvents(parts: MirrorInvoicesParts, at: Date): Promise<number> {
  const claimed = await parts.stripeEvents.claimDue('invoices', at, BATCH_MAX, LEASE_MS)
  const groups = new Map<string, StoredStripeEvent[]>()
  for (const event of claimed) {
    const key = event.objectIds.invoiceId ?? event.objectIds.paymentIntentId ?? event.eventId
    groups.set(key, [...(groups.get(key) ?? []), event])
  }
  const waiting = [...groups.values()]
  const mirrorNext = async (): Promise<void> => {
    for (let events = waiting.shift(); events !== undefined; events = waiting.shift())
      await mirrorInTrace(parts, events, at)
  }
  await Promise.all(Array.from({ length: CONCURRENT_MAX }, mirrorNext))
  return claimed.length
}

const mirrorInTrace = (
  parts: MirrorInvoicesParts,
  events: readonly StoredStripeEvent[],
  at: Date,
) =>
  inInboxSpan(parts.telemetry, { queue: 'invoices', events }, () =>
    mirrorOrPostpone(parts, events, at),
  )

async function mirrorOrPostpone(
  parts: MirrorInvoicesParts,
  events: readonly StoredStripeEvent[],
  at: Date,
) {
  try {
    await mirrorOne(parts, events, at)
  } catch (error) {
    parts.logger.warn({ err: error, eventIds: idsOf(events) }, 'invoices wait in the inbox')
    await postponeFailed(parts.stripeEvents, events, error, at)
  }
}

/** @param events all of one invoice */
async function mirrorOne(
  parts: MirrorInvoicesParts,
  events: readonly StoredStripeEvent[],
  at: Date,
): Promise<void> {
  const { stripeEvents } = parts
  const invoiceId = await invoiceIdOf(parts, events)
  if (invoiceId === undefined) return parkAll(stripeEvents, events, SETTLED.noInvoice)
  const isFactPending = await isSubscriptionEventPending(parts, events)
  const ends = (mirrored: MirroredInvoice) =>
    endsSubscription(mirrored.invoice, mirrored.subscription, parts.moneyBack)
  const isDone = (mirrored: MirroredInvoice) =>
    !ends(mirrored) && (isFactPending || !isAhead(mirrored.invoice, mirrored.subscription))
  const outcome = await mirrorInvoice(parts, {
    invoiceId,
    moneyBack: events.some(({ type }) =>
      MONEY_BACK_PREFIXES.some((prefix) => type.startsWith(prefix)),
    ),
    at,
    finishedEvents: (mirrored) => (isDone(mirrored) ? idsOf(events) : []),
  })
  if (outcome.kind === 'foreign') return parkAll(stripeEvents, events, SETTLED.otherInvoice)
  if (outcome.kind === 'unknown') {
    const isGivenUp = events.every(({ attempts }) => attempts >= UNKNOWN_ATTEMPTS_MAX)
    const isParked = isGivenUp || (!isFactPending && (await isSubscriptionParked(parts, events)))
    if (isParked) return parkAll(stripeEvents, events, UNKNOWN_HERE)
    return postponeAll(stripeEvents, events, 'its subscription is not known yet', at)
  }
  warnOperator(parts, outcome, events)
  if (isDone(outcome)) return undefined
  if (ends(outcome)) return cancelSubscription(parts, outcome, events, at)
  if (events.some(({ attempts }) => attempts > AHEAD_ATTEMPTS_MAX))
    return forwardToWorkflow(parts, outcome.subscription, events, at)
  return postponeAll(stripeEvents, events, 'its subscription is behind', at)
}

/** Logs what an operator must handle at Stripe. */
function warnOperator(
  { logger }: MirrorInvoicesParts,
  { invoice, subscription, changes }: Extract<MirrorOutcome, { kind: 'mirrored' }>,
  events: readonly StoredStripeEvent[],
): void {
  const about = { invoiceId: invoice.id, subscriptionId: subscription.id }
  if (changes.some(({ kind }) => kind === 'dispute_opened'))
    logger.warn(about, 'a payment is disputed; an operator must answer the bank')
  if (changes.some(({ kind }) => kind === 'paid_after_end'))
    logger.warn(
      about,
      'an invoice was paid after its subscription had ended; refund it if it should not be kept',
    )
  if (events.some(({ type }) => type === 'invoice.finalization_failed'))
    logger.warn(
      about,
      'Stripe could not finalize an invoice and collects nothing for this subscription until an operator corrects it',
    )
}

/** Cancels the subscription through its workflow, and marks the events done after its reply. Running it twice cancels once. */
async function cancelSubscription(
  parts: MirrorInvoicesParts,
  { invoice, subscription }: MirroredInvoice,
  events: readonly StoredStripeEvent[],
  at: Date,
): Promise<void> {
  const target = { subscriptionId: subscription.id, commandId: moneyBackKey(invoice.id) }
  const reply = await parts.workflows.command(cancel, target, { when: 'now', actor: 'operator' })
  if (reply.kind === 'unavailable' || reply.kind === 'rejected')
    throw new Error(`${subscription.id} was not canceled for ${invoice.id}: ${reply.kind}`)
  await mirrorInvoice(parts, {
    invoiceId: invoice.id,
    moneyBack: false,
    at,
    finishedEvents: () => idsOf(events),
  })
}

/** A charge names only its payment. The payment leads to the invoice. */
async function invoiceIdOf(
  { stripeInvoices }: MirrorInvoicesParts,
  [first]: readonly StoredStripeEvent[],
): Promise<string | undefined> {
  const { invoiceId, paymentIntentId } = first?.objectIds ?? {}
  if (invoiceId) return invoiceId
  return paymentIntentId ? stripeInvoices.findInvoiceOfPayment(paymentIntentId) : undefined
}

/** Whether the subscription's own event is in the inbox and will signal the workflow. */
async function isSubscriptionEventPending(
  { stripeEvents }: MirrorInvoicesParts,
  events: readonly StoredStripeEvent[],
): Promise<boolean> {
  const id = stripeSubscriptionOf(events)
  return id ? stripeEvents.hasUnappliedEvent(id) : false
}

/** Whether the subscription's own event was parked. If it is imported later, its parked invoices are processed again. */
async function isSubscriptionParked(
  { stripeEvents }: MirrorInvoicesParts,
  events: readonly StoredStripeEvent[],
): Promise<boolean> {
  const id = stripeSubscriptionOf(events)
  return id ? stripeEvents.hasParkedEvent(id) : false
}

const stripeSubscriptionOf = (events: readonly StoredStripeEvent[]) =>
  events.map(({ objectIds }) => objectIds.stripeSubscriptionId).find((each) => each)

const idsOf = (events: readonly StoredStripeEvent[]) => events.map(({ eventId }) => eventId)
