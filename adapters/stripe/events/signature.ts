import { createHmac, timingSafeEqual } from 'node:crypto'

/** The SDK's tolerance for old signatures. The SDK accepts any future time; we apply the same tolerance there. */
const TOLERANCE_SECONDS = 300
/** A header has one timestamp and one signature per valid secret. Stripe sends none that is longer than this. */
const HEADER_MAX_CHARACTERS = 4_096
const TIME = /(?:^|,)t=(\d{1,12})(?=,|$)/
const SIGNATURES = /(?:^|,)v1=([0-9a-f]{64})(?=,|$)/g

/** A valid signature with its secret and time, or why it is invalid. */
export type Signature =
  | {
      readonly kind: 'valid'
      /** The position of the matching secret, from 1. */
      readonly secret: number
      /** The time of signing by Stripe's clock, in milliseconds since 1970. */
      readonly signedAt: number
    }
  | { readonly kind: 'invalid'; readonly because: string }

const invalid = (because: string): Signature => ({ kind: 'invalid', because })

/**
 * Checks the signature of a webhook, with the same result as the SDK's `constructEvent`. It works on the received bytes, where
 * the SDK would decode and encode them again.
 *
 * @param secrets several are valid while one is being replaced
 * @param at the real time, because Stripe signs with its own clock, even where the service's clock is moved
 * @see https://docs.stripe.com/webhooks/signature
 */
export function readSignature(
  body: Buffer,
  header: string,
  secrets: readonly string[],
  at: Date,
): Signature {
  const time = header.length > HEADER_MAX_CHARACTERS ? undefined : TIME.exec(header)?.[1]
  if (time === undefined) return invalid('the Stripe-Signature header has no timestamp')
  const age = Math.floor(at.getTime() / 1_000) - Number(time)
  if (-age > TOLERANCE_SECONDS) return invalid('the Stripe-Signature header is from the future')
  const signatures = [...header.matchAll(SIGNATURES)].map(([, hex = '']) => Buffer.from(hex, 'hex'))
  const index = secrets.findIndex((secret) => {
    const expected = createHmac('sha256', secret).update(`${time}.`).update(body).digest()
    return signatures.some((signature) => timingSafeEqual(signature, expected))
  })
  if (index === -1) return invalid('the signature matches none of the configured signing secrets')
  if (age > TOLERANCE_SECONDS) return invalid('the Stripe-Signature header is too old')
  return { kind: 'valid', secret: index + 1, signedAt: Number(time) * 1_000 }
}
