import type Stripe from 'stripe'
import { z } from 'zod'
import { isUuid } from '../../../domain/ids.ts'
import type { StripeObjectIds } from '../../../domain/stripe/event.ts'
import { idOf } from '../reading/ids.ts'
import { METADATA_SUBSCRIPTION } from '../sdk/metadata.ts'
import { eventText, EVENT_SECONDS_MAX } from './event-fields.ts'
import { readSignature, type Signature } from './signature.ts'
import { thinEventOf, type ThinEvent } from './thin-event.ts'

/** An event that Stripe signed, or why the body is none. */
export type Verification =
  | { readonly kind: 'genuine'; readonly event: Stripe.Event; readonly signature: ValidSignature }
  /** An event with its object's id, but without the object. @see https://docs.stripe.com/event-destinations */
  | { readonly kind: 'genuine_thin'; readonly event: ThinEvent; readonly signature: ValidSignature }
  | { readonly kind: 'forged'; readonly because: string }
  | { readonly kind: 'malformed'; readonly because: string }

type ValidSignature = Extract<Signature, { kind: 'valid' }>

/**
 * Checks that Stripe signed this body, and parses it.
 *
 * @param secrets the signing secrets, several while one is being replaced
 * @param at the real time, even where the service's clock is moved
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
  const payload = parsed(body)
  if (payload === undefined) return { kind: 'malformed', because: 'the body is not JSON' }
  if (isEvent(payload)) return { kind: 'genuine', event: payload, signature }
  const thin = thinEventOf(payload)
  return thin === undefined
    ? { kind: 'malformed', because: 'the body is not an event' }
    : { kind: 'genuine_thin', event: thin, signature }
}

/** @returns undefined for a body that is not JSON. */
function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}

/** The fields of an event that we store. Its object may have any form: only ids are read from it. */
const eventSchema = z.object({
  object: z.literal('event'),
  id: eventText,
  type: eventText,
  livemode: z.boolean(),
  created: z.int().min(0).max(EVENT_SECONDS_MAX),
  api_version: eventText.nullish(),
  account: eventText.nullish(),
  request: z.looseObject({ idempotency_key: z.string().nullish() }).nullish(),
  data: z.looseObject({ object: z.looseObject({}) }),
})

/** Stripe signed the body, so the SDK's types hold for what the schema leaves out. */
const isEvent = (payload: unknown): payload is Stripe.Event =>
  eventSchema.safeParse(payload).success

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
  const ids = {
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
  // An object of a new kind may have something else in such a field.
  return {
    objectId: textOrNull(ids.objectId),
    customerId: textOrNull(ids.customerId),
    stripeSubscriptionId: textOrNull(ids.stripeSubscriptionId),
    sessionId: textOrNull(ids.sessionId),
    invoiceId: textOrNull(ids.invoiceId),
    paymentIntentId: textOrNull(ids.paymentIntentId),
    subscriptionId: textOrNull(ids.subscriptionId),
  }
}

const textOrNull = (id: unknown): string | null => eventText.safeParse(id).data ?? null
