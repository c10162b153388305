import Stripe from 'stripe'
import type { Telemetry } from '../../telemetry/telemetry.ts'
import { withClock, type SeeClock } from './clock-skew.ts'
import { withFreshKeys } from './fresh-key-http-client.ts'
import { createPacedHttpClient } from './paced-http-client.ts'
import { createPacing, type Sharing } from './pacing.ts'
import { withTelemetry } from './watched-http-client.ts'

/** Stripe answers in seconds or not at all; Temporal asks again with the same key. */
const TIMEOUT_MS = 20_000

export type StripeClientOptions = {
  readonly apiKey: string
  /** Another address than Stripe's own, such as the simulator's; undefined for the real one. */
  readonly apiBase?: string | undefined
  /** At most so many; without it as many as are asked. */
  readonly requestsPerSecond?: number | undefined
  /** With whom that number is shared; without it with nobody. */
  readonly sharing?: Sharing | undefined
  readonly telemetry?: Telemetry | undefined
  readonly seeClock?: SeeClock | undefined
}

/** The one configured client. Retries belong to Temporal, so that a key is never spent behind our back. */
export function createStripeClient({
  apiKey,
  apiBase,
  requestsPerSecond,
  sharing,
  telemetry,
  seeClock,
}: StripeClientOptions): Stripe {
  const plain = Stripe.createNodeHttpClient()
  const timed = seeClock === undefined ? plain : withClock(plain, seeClock)
  const client =
    requestsPerSecond === undefined
      ? timed
      : createPacedHttpClient(timed, createPacing(requestsPerSecond, sharing))
  const base = apiBase === undefined ? undefined : new URL(apiBase)
  return new Stripe(apiKey, {
    maxNetworkRetries: 0,
    timeout: TIMEOUT_MS,
    telemetry: false,
    appInfo: { name: 'Perennial' },
    httpClient: withFreshKeys(telemetry === undefined ? client : withTelemetry(client, telemetry)),
    ...(base && {
      host: base.hostname,
      port: base.port === '' ? (base.protocol === 'https:' ? 443 : 80) : base.port,
      protocol: base.protocol === 'https:' ? 'https' : 'http',
    }),
  })
}

/** Whether a key moves real money; it is then of another mode than all that was tried out before. */
export const isLiveKey = (apiKey: string): boolean => /^[sr]k_live_/.test(apiKey)
