import { createHmac } from 'node:crypto'

/**
 * The `Stripe-Signature` header. The secret includes its `whsec_` prefix. The timestamp is the
 * wall-clock time of sending, because receivers check their tolerance against it.
 */
export function signatureOf(body: string, secret: string, sentAt: Date): string {
  const timestamp = Math.floor(sentAt.getTime() / 1000)
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')
  return `t=${timestamp},v1=${signature}`
}
