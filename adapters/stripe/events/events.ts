import type Stripe from 'stripe'
import { isUuid } from '../../../domain/ids.ts'
import type { StripeObjectIds } from '../../../domain/stripe/event.ts'
import { idOf } from '../reading/ids.ts'
import { METADATA_SUBSCRIPTION } from '../sdk/metadata.ts'
import { readSignature, type Signature } from './signature.ts'
import { thinEventOf, type ThinEvent } from './thin-event.ts'

export type Verification =
  | { readonly kind: 'genuine'; readonly event: Stripe.Event; readonly signature: ValidSignature }
  /** An event with its object's id, but without the object. @see https://docs.stripe.com/event-destinations */
  | { readonly kind: 'genuine_thin'; readonly event: ThinEvent; readonly signature: ValidSignature }
  | { readonly kind: 'forged'; readonly because: string }

type ValidSignature = Extract<Signature, { kind: 'valid' }>

/**
 * Checks that Stripe signed this body, and parses it.
 *
 * @param secrets the signing secrets, several while one is being replaced
 * @param at the real time, even where the service's clock is moved
 * @throws when Stripe signed something that is not an event
 * @see https://docs.stripe.com/webhooks/signature
 */
export function verifyStripeEvent(
  body: Buffer,
  header: string,
  secrets: readonly string[],
  at: Date,
): Verification {
  const signature = readSignature(body, header, secrets, at)
  if (signature.kind === 'invalid') return { kind: 'forged', because: signature.because }
  const event = parsed(body)
  if (event === undefined) return { kind: 'forged', because: 'the body is not JSON' }
  if (event.object === 'event') return { kind: 'genuine', event, signature }
  const thin = thinEventOf(event)
  if (thin === undefined) throw new Error('Stripe signed a body that is not an event')
  return { kind: 'genuine_thin', event: thin, signature }
}

/** @returns undefined for a body that is not JSON. Stripe signed it, so the SDK's types hold. */
function parsed(body: Buffer): Stripe.Event | undefined {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as the SDK's `constructEvent` does
    return JSON.parse(body.toString('utf8')) as Stripe.Event
  } catch {
    return undefined
  }
}

/** The fields that link a Stripe object to others. Each type of object has some of them. */
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

/** The ids in an event's object. We use nothing else of it, because events may be late or out of order. */
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
