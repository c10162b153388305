import { createHmac } from 'node:crypto'
import Stripe from 'stripe'
import { WEBHOOK_SECRET } from './setting.ts'

/** Padding to the size of a subscription's event. */
const PADDING = 'x'.repeat(2_500)
const COUNTER_DIGITS = 16
const ZEROS = '0'.repeat(COUNTER_DIGITS)

type Post = (path: string, headers: Readonly<Record<string, string>>, content: string) => Buffer

/** Signed events, each for another product; each one overwrites the previous one's buffer. */
export function signedEvents(post: Post, path: string): () => Buffer {
  const prefix = `${process.pid}${Math.random().toString(36).slice(2, 8)}`
  const now = Math.floor(Date.now() / 1_000)
  const body = Buffer.from(
    JSON.stringify({
      id: `evt_${prefix}${ZEROS}`,
      object: 'event',
      api_version: Stripe.API_VERSION,
      created: now,
      livemode: false,
      pending_webhooks: 1,
      request: null,
      type: 'product.updated',
      data: {
        object: {
          id: `prod_${prefix}${ZEROS}`,
          object: 'product',
          name: 'Pro',
          description: PADDING,
        },
      },
    }),
  )
  const head = { 'stripe-signature': `t=${now},v1=${'0'.repeat(64)}` }
  const request = post(path, head, body.toString())
  const bodyAt = request.length - body.length
  const signatureAt = request.indexOf('v1=') + 'v1='.length
  const places = [body.indexOf(ZEROS), body.lastIndexOf(ZEROS)]
  let sent = 0
  return () => {
    const number = String(sent++).padStart(COUNTER_DIGITS, '0')
    for (const place of places) request.write(number, bodyAt + place, 'latin1')
    const signature = createHmac('sha256', WEBHOOK_SECRET)
      .update(`${now}.`)
      .update(request.subarray(bodyAt))
      .digest('hex')
    request.write(signature, signatureAt, 'latin1')
    return request
  }
}
