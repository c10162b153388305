import { createHmac } from 'node:crypto'

/**
 * The `Stripe-Signature` header. The secret is used with its `whsec_` prefix. Signed at the instant of
 * sending by the wall clock, which is what a receiver checks its tolerance against.
 */
export function signatureOf(body: string, secret: string, sentAt: Date): string {
  const timestamp = Math.floor(sentAt.getTime() / 1000)
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')
  return `t=${timestamp},v1=${signature}`
}
