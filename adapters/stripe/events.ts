import Stripe from 'stripe'
import { isUuid } from '../../domain/ids.ts'
import type { StripeObjectIds } from '../../domain/stripe-event.ts'
import { METADATA_SUBSCRIPTION } from './metadata.ts'
import { idOf } from './snapshot.ts'
import { thinEventOf, type ThinEvent } from './thin-event.ts'

/** Stripe's own tolerance towards the past; the SDK has none towards the future, so we keep the same one there. */
const TOLERANCE_SECONDS = 300

export type Verification =
  | { readonly kind: 'genuine'; readonly event: Stripe.Event }
  /** An event that names its object and does not bring it along. */
  | { readonly kind: 'genuine_thin'; readonly event: ThinEvent }
  | { readonly kind: 'forged'; readonly because: string }

/**
 * Whether Stripe sent this body. Several secrets may be valid at a time, while one is being replaced.
 * `at` is the real present: Stripe signs with its own clock, whatever time the service is made to believe.
 */
export function verifyStripeEvent(
  body: Buffer,
  signature: string,
  secrets: readonly string[],
  at: Date,
): Verification {
  const signedAt = Number(/(?:^|,)t=(\d+)/.exec(signature)?.[1])
  if (!Number.isFinite(signedAt))
    return { kind: 'forged', because: 'the Stripe-Signature header has no timestamp' }
  if (signedAt - at.getTime() / 1_000 > TOLERANCE_SECONDS)
    return { kind: 'forged', because: 'the Stripe-Signature header is from the future' }
  let because = 'no signing secret is configured'
  for (const secret of secrets) {
    try {
      const event = Stripe.webhooks.constructEvent(body, signature, secret, TOLERANCE_SECONDS)
      return { kind: 'genuine', event }
    } catch (error) {
      if (error instanceof Stripe.errors.StripeSignatureVerificationError)
        because = 'the signature matches none of the configured signing secrets, or is too old'
      else if (error instanceof SyntaxError)
        return { kind: 'forged', because: 'the body is no JSON' }
      else return thinOrElse(error, body)
    }
  }
  return { kind: 'forged', because }
}

/** The SDK verifies first, and then refuses what comes without its object; only that error leads here. */
function thinOrElse(error: unknown, body: Buffer): Verification {
  const event = thinEventOf(JSON.parse(body.toString('utf8')))
  if (event === undefined) throw error
  return { kind: 'genuine_thin', event }
}

/** What a Stripe object may say of where it belongs; each field is on some of the types that events carry. */
type Related = {
  readonly id?: string
  readonly object?: string
  readonly customer?: Reference
  readonly subscription?: Reference
  readonly invoice?: Reference
  readonly payment_intent?: Reference
  readonly metadata?: Record<string, string> | null
  readonly parent?: {
    readonly subscription_details?: {
      readonly subscription?: string | { id: string }
      readonly metadata?: Record<string, string> | null
    } | null
  } | null
}
type Reference = string | { id: string } | null | undefined

/** The ids in an object: the only thing that is believed of what an event carries. */
export function objectIdsOf(object: Related): StripeObjectIds {
  const id = object.id ?? null
  const details = object.parent?.subscription_details
  const ours =
    object.metadata?.[METADATA_SUBSCRIPTION] ?? details?.metadata?.[METADATA_SUBSCRIPTION]
  return {
    objectId: id,
    customerId: object.object === 'customer' ? id : idOf(object.customer),
    stripeSubscriptionId:
      object.object === 'subscription'
        ? id
        : (idOf(object.subscription) ?? idOf(details?.subscription)),
    sessionId: object.object === 'checkout.session' ? id : null,
    invoiceId: object.object === 'invoice' ? id : idOf(object.invoice),
    paymentIntentId: idOf(object.payment_intent),
    subscriptionId: ours !== undefined && isUuid(ours) ? ours : null,
  }
}
