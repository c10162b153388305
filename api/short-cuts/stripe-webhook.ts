import type { ApiDependencies } from '../environment.ts'
import { receiveStripeEvent } from '../../sync/inbox/receive.ts'
import { STRIPE_WEBHOOKS, WEBHOOK_BODY_MAX_BYTES } from '../webhooks/stripe.ts'
import { readAndAnswer, sendJson, type ShortCut } from './short-cut.ts'

/** Answers Stripe's events that have one signature header and a `Content-Length` within the limit. */
export function stripeWebhookShortCut(dependencies: ApiDependencies, basePath: string): ShortCut {
  const path = basePath + STRIPE_WEBHOOKS
  return (incoming, outgoing) => {
    if (incoming.url !== path || incoming.method !== 'POST') return undefined
    const { 'stripe-signature': signature, 'content-length': length, origin } = incoming.headers
    const isEncoded = incoming.headers['content-encoding'] !== undefined
    // A missing length is NaN, which no limit allows. Requests from a browser need the app's CORS headers.
    const isSimple = origin === undefined && !isEncoded && Number(length) <= WEBHOOK_BODY_MAX_BYTES
    if (!isSimple || typeof signature !== 'string') return undefined
    return readAndAnswer(incoming, async (body) => {
      const reception = await receiveStripeEvent(dependencies, body, signature)
      if (reception.kind !== 'stored') return false
      const { repeated } = reception
      sendJson(incoming, outgoing, JSON.stringify({ received: true, repeated }))
      return true
    })
  }
}
