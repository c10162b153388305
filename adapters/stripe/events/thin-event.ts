import { z } from 'zod'
import type { StripeObjectIds } from '../../../domain/stripe/event.ts'
import { eventText } from './event-fields.ts'

/** An event with its object's id, but without the object. @see https://docs.stripe.com/event-destinations */
export type ThinEvent = {
  readonly eventId: string
  readonly type: string
  readonly account: string | null
  readonly livemode: boolean
  readonly createdAt: Date
  readonly requestKey: string | null
  readonly objectIds: StripeObjectIds
  readonly payload: unknown
}

const schema = z.object({
  id: eventText,
  object: z.literal('v2.core.event'),
  type: eventText,
  livemode: z.boolean(),
  created: z.iso.datetime({ offset: true }),
  context: eventText.nullish(),
  /** The id of the full event about the same change. The first of the two to arrive is stored. */
  snapshot_event: eventText.nullish(),
  reason: z
    .object({ request: z.object({ idempotency_key: z.string().nullish() }).nullish() })
    .nullish(),
  related_object: z.object({ id: eventText.optional(), type: z.string() }).nullish(),
})

/** @param payload a body whose signature was checked @returns undefined when it is not a thin event */
export function thinEventOf(payload: unknown): ThinEvent | undefined {
  const parsed = schema.safeParse(payload)
  if (!parsed.success) return undefined
  const { data: event } = parsed
  const { id = null, type = '' } = event.related_object ?? {}
  const ofType = (wanted: string) => (type === wanted ? id : null)
  return {
    eventId: event.snapshot_event ?? event.id,
    type: event.type.replace(/^v1\./, ''),
    account: event.context ?? null,
    livemode: event.livemode,
    createdAt: new Date(event.created),
    requestKey: event.reason?.request?.idempotency_key ?? null,
    objectIds: {
      objectId: id,
      customerId: ofType('customer'),
      stripeSubscriptionId: ofType('subscription'),
      sessionId: ofType('checkout.session'),
      invoiceId: ofType('invoice'),
      paymentIntentId: ofType('payment_intent'),
      subscriptionId: null,
    },
    payload,
  }
}
