import type { Clock } from '../../domain/clock.ts'
import type { IncomingStripeEvent } from '../../domain/stripe/inbox.ts'
import type { StripeEventRepository } from '../../domain/stripe/event-repository.ts'
import { verifyStripeEvent } from '../../adapters/stripe/events/events.ts'
import type { ReceptionWatch } from '../../adapters/stripe/events/reception-watch.ts'
import type { Telemetry } from '../../adapters/telemetry/telemetry.ts'
import { inboxRowOf, inboxRowOfThin, type InboxPolicy } from './inbox-row.ts'

/** The parts that the reception of a webhook uses. */
export type ReceiveParts = {
  readonly repositories: { readonly stripeEvents: Pick<StripeEventRepository, 'record'> }
  readonly clock: Clock
  readonly telemetry?: Telemetry | undefined
  readonly stripeWebhookSecrets: readonly string[]
  readonly inboxPolicy: InboxPolicy
  readonly receptions: Pick<ReceptionWatch, 'received'>
  /** Called after an event of this type is committed, to process it without making Stripe wait. */
  readonly inboxChanged: (type: string) => void
}

/** The result of a webhook’s arrival. */
export type Reception =
  | { readonly kind: 'stored'; readonly repeated: boolean }
  | { readonly kind: 'forged'; readonly because: string }
  /** Signed, but no event: a repeat would be refused as well. */
  | { readonly kind: 'malformed'; readonly because: string }

/**
 * Checks that a webhook comes from Stripe and commits it to the inbox. Running it twice stores it once.
 *
 * @param body the bytes as received, which the signature covers
 * @param signature the `Stripe-Signature` header
 * @throws when the database does not commit; Stripe then delivers again
 * @see https://docs.stripe.com/webhooks
 */
export async function receiveStripeEvent(
  parts: ReceiveParts,
  body: Buffer,
  signature: string,
): Promise<Reception> {
  const read = readEvent(parts, body, signature)
  if (read.kind !== 'genuine') return read
  const { incoming, secret, signedAt } = read
  const outcome = await parts.repositories.stripeEvents.record(incoming)
  if (incoming.verdict.state === 'received') parts.inboxChanged(incoming.type)
  const repeated = outcome === 'repeated'
  const { apiVersion } = incoming
  parts.receptions.received({ secret, signedAt, apiVersion, repeated })
  return { kind: 'stored', repeated }
}

type ReadEvent =
  | Exclude<Reception, { kind: 'stored' }>
  | {
      readonly kind: 'genuine'
      readonly incoming: IncomingStripeEvent
      readonly secret: number
      readonly signedAt: number
    }

/** A separate function, so the parsed body is freed while the row is being committed. */
function readEvent(
  { clock, telemetry, stripeWebhookSecrets, inboxPolicy }: ReceiveParts,
  body: Buffer,
  signature: string,
): ReadEvent {
  // The real time, not the service's clock: Stripe signs with its own clock.
  const verified = verifyStripeEvent(body, signature, stripeWebhookSecrets, new Date())
  if (verified.kind === 'forged' || verified.kind === 'malformed') return verified
  const row =
    verified.kind === 'genuine'
      ? inboxRowOf(verified.event, inboxPolicy, clock.now())
      : inboxRowOfThin(verified.event, inboxPolicy, clock.now())
  const incoming = { ...row, traceparent: telemetry?.traceparent() ?? null }
  const { secret, signedAt } = verified.signature
  return { kind: 'genuine', incoming, secret, signedAt }
}
