import type { ApiDependencies } from '../environment.ts'
import { answerPlainly, take, type ShortCut } from './short-cut.ts'
import { receive } from '../../sync/inbox/receive.ts'
import { STRIPE_WEBHOOKS, WEBHOOK_BODY_MAX_BYTES } from '../webhooks/reception.ts'

/** Stripe's events: plain with one signature header and a length that is said and within bounds. */
export function stripeWebhookShortCut(dependencies: ApiDependencies, basePath: string): ShortCut {
  const path = basePath + STRIPE_WEBHOOKS
  return (incoming, outgoing) => {
    if (incoming.url !== path || incoming.method !== 'POST') return undefined
    const { 'stripe-signature': signature, 'content-length': length, origin } = incoming.headers
    const isEncoded = incoming.headers['content-encoding'] !== undefined
    // No length is NaN, and lies within no bound. A browser's call needs what the chain adds for it.
    const isPlain = origin === undefined && !isEncoded && Number(length) <= WEBHOOK_BODY_MAX_BYTES
    if (!isPlain || typeof signature !== 'string') return undefined
    return take(incoming, async (body) => {
      const { kind, ...kept } = await receive(dependencies, body, signature)
      if (kind === 'forged') return false
      answerPlainly(incoming, outgoing, JSON.stringify({ received: true, ...kept }))
      return true
    })
  }
}
