import { verifyStripeEvent } from '../../adapters/stripe/events/events.ts'
import { inboxRowOf, inboxRowOfThin } from '../../sync/inbox/intake.ts'
import type { ApiDependencies } from '../environment.ts'

/** Stripe's largest events have a few hundred KiB. */
export const WEBHOOK_BODY_MAX_BYTES = 1_024 * 1_024

/** The path below the API's base path. */
export const STRIPE_WEBHOOKS = '/webhooks/stripe'

export type Reception =
  | { readonly kind: 'stored'; readonly repeated: boolean }
  | { readonly kind: 'forged'; readonly because: string }

/**
 * Verifies an event and commits it to the inbox. Receiving the same event twice stores it once.
 *
 * @param body the bytes as received: the signature covers them.
 * @param signature the header `Stripe-Signature`.
 * @see https://docs.stripe.com/webhooks/signature
 */
export async function receiveStripeEvent(
  dependencies: ApiDependencies,
  body: Buffer,
  signature: string,
): Promise<Reception> {
  const read = readEvent(dependencies, body, signature)
  if (read.kind === 'forged') return read
  const { incoming, secret, signedAt } = read
  const outcome = await dependencies.repositories.stripeEvents.record(incoming)
  if (incoming.verdict.state === 'received') dependencies.inboxChanged(incoming.type)
  const repeated = outcome === 'repeated'
  const { apiVersion } = incoming
  dependencies.receptions.received({ secret, signedAt, apiVersion, repeated })
  return { kind: 'stored', repeated }
}

/** The inbox row of a body. A function, so that the parsed event can be freed while the row is committed. */
function readEvent(
  { clock, telemetry, stripeWebhookSecrets, intake }: ApiDependencies,
  body: Buffer,
  signature: string,
) {
  // The real time, not the service's clock: Stripe signs with its own.
  const verified = verifyStripeEvent(body, signature, stripeWebhookSecrets, new Date())
  if (verified.kind === 'forged') return verified
  const row =
    verified.kind === 'genuine'
      ? inboxRowOf(verified.event, intake, clock.now())
      : inboxRowOfThin(verified.event, intake, clock.now())
  const incoming = { ...row, traceparent: telemetry?.traceparent() ?? null }
  const { secret, signedAt } = verified.signature
  return { kind: 'genuine' as const, incoming, secret, signedAt }
}
