import type Stripe from 'stripe'
import { isUuid } from '../../../domain/ids.ts'
import type { StripeObjectIds } from '../../../domain/stripe/event.ts'
import { METADATA_SUBSCRIPTION } from '../sdk/metadata.ts'
import { readSignature, type Signature } from './signature.ts'
import { idOf } from '../reading/snapshot.ts'
import { thinEventOf, type ThinEvent } from './thin-event.ts'

export type Verification =
  | { readonly kind: 'genuine'; readonly event: Stripe.Event; readonly signature: Believed }
  /** An event that names its object and does not bring it along. */
  | { readonly kind: 'genuine_thin'; readonly event: ThinEvent; readonly signature: Believed }
  | { readonly kind: 'forged'; readonly because: string }

type Believed = Extract<Signature, { kind: 'believed' }>

/** Whether Stripe sent this body, and what it says. */
export function verifyStripeEvent(
  body: Buffer,
  header: string,
  secrets: readonly string[],
  at: Date,
): Verification {
  const signature = readSignature(body, header, secrets, at)
  if (signature.kind === 'refused') return { kind: 'forged', because: signature.because }
  const event = parsed(body)
  if (event === undefined) return { kind: 'forged', because: 'the body is no JSON' }
  if (event.object === 'event') return { kind: 'genuine', event, signature }
  const thin = thinEventOf(event)
  if (thin === undefined) throw new Error('Stripe signed a body that is no event')
  return { kind: 'genuine_thin', event: thin, signature }
}

/** Undefined for what is no JSON. Who signed it is Stripe, so it is what Stripe's SDK says it is. */
function parsed(body: Buffer): Stripe.Event | undefined {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as the SDK's `constructEvent` does
    return JSON.parse(body.toString('utf8')) as Stripe.Event
  } catch {
    return undefined
  }
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
