import { createHmac, timingSafeEqual } from 'node:crypto'

/** Stripe's own tolerance towards the past; its SDK has none towards the future, so we keep the same one there. */
const TOLERANCE_SECONDS = 300
/** A header is a time and one signature for each secret that is valid; a longer one comes from somebody else. */
const HEADER_MAX_CHARACTERS = 4_096
const TIME = /(?:^|,)t=(\d{1,12})(?=,|$)/
const SIGNATURES = /(?:^|,)v1=([0-9a-f]{64})(?=,|$)/g

export type Signature =
  | {
      readonly kind: 'believed'
      /** Which of the secrets it fits, from 1. */
      readonly secret: number
      /** When it was made, by Stripe's clock, in milliseconds. */
      readonly signedAt: number
    }
  | { readonly kind: 'refused'; readonly because: string }

const refused = (because: string): Signature => ({ kind: 'refused', because })

/**
 * Whether a body is believed to come from Stripe, or why not. The signature covers the bytes as they came, as the SDK's
 * `constructEvent` does, which would decode them, put them together and encode them once more. Several secrets may be valid
 * at a time, while one is being replaced.
 *
 * `at` is the real present: Stripe signs with its own clock, whatever time the service is made to believe.
 *
 * @see https://docs.stripe.com/webhooks/signature
 */
export function readSignature(
  body: Buffer,
  header: string,
  secrets: readonly string[],
  at: Date,
): Signature {
  const time = header.length > HEADER_MAX_CHARACTERS ? undefined : TIME.exec(header)?.[1]
  if (time === undefined) return refused('the Stripe-Signature header has no timestamp')
  const age = Math.floor(at.getTime() / 1_000) - Number(time)
  if (-age > TOLERANCE_SECONDS) return refused('the Stripe-Signature header is from the future')
  const signatures = [...header.matchAll(SIGNATURES)].map(([, hex = '']) => Buffer.from(hex, 'hex'))
  const place = secrets.findIndex((secret) => {
    const expected = createHmac('sha256', secret).update(`${time}.`).update(body).digest()
    return signatures.some((signature) => timingSafeEqual(signature, expected))
  })
  if (place === -1) return refused('the signature matches none of the configured signing secrets')
  if (age > TOLERANCE_SECONDS) return refused('the Stripe-Signature header is too old')
  return { kind: 'believed', secret: place + 1, signedAt: Number(time) * 1_000 }
}
