import Stripe from 'stripe'
import type { PaceClass } from '../../../domain/stripe/pace.ts'
import type { Telemetry } from '../../telemetry/telemetry.ts'
import { withClock, type SeeClock } from './clock-skew.ts'
import { withFreshKeys } from './fresh-key-http-client.ts'
import { createPacedHttpClient } from './paced-http-client.ts'
import { createPacing, type Sharing } from './pacing.ts'
import { withTelemetry } from './watched-http-client.ts'

/** Stripe answers within seconds or not at all. Temporal then retries with the same key. */
const TIMEOUT_MS = 20_000

/** The settings of the client. `seeClock` compares Stripe’s clock with ours at each response. */
export type StripeClientOptions = {
  readonly apiKey: string
  /** The address of a simulator; undefined for Stripe itself. */
  readonly apiBase?: string | undefined
  /** The limit for all processes together; undefined for no limit. */
  readonly requestsPerSecond?: number | undefined
  /** How processes share that limit; undefined when each keeps it alone. */
  readonly sharing?: Sharing | undefined
  readonly telemetry?: Telemetry | undefined
  readonly seeClock?: SeeClock | undefined
}

/** The client of each class of work. They share one pace. */
export type StripeClients = Readonly<Record<PaceClass, Stripe>>

/** Creates the clients of all classes. */
export function createStripeClients(options: StripeClientOptions): StripeClients {
  const { requestsPerSecond, sharing, telemetry, seeClock } = options
  const plain = Stripe.createNodeHttpClient()
  const timed = seeClock === undefined ? plain : withClock(plain, seeClock)
  const pacing =
    requestsPerSecond === undefined ? undefined : createPacing(requestsPerSecond, sharing)
  const clientOf = (paceClass: PaceClass) => {
    const paced =
      pacing === undefined ? timed : createPacedHttpClient(timed, { pacing, paceClass, telemetry })
    return clientOver(paced, options)
  }
  return {
    caller: clientOf('caller'),
    event: clientOf('event'),
    background: clientOf('background'),
  }
}

/** The client of callers. */
export const createStripeClient = (options: StripeClientOptions): Stripe =>
  createStripeClients(options).caller

/**
 * The one configuration of the SDK. It never retries by itself: Temporal retries, with keys that we choose.
 *
 * @see https://docs.stripe.com/api/idempotent_requests
 */
function clientOver(
  client: Stripe.HttpClient,
  { apiKey, apiBase, telemetry }: StripeClientOptions,
): Stripe {
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

/** Whether a key is for live mode, where real money moves. @see https://docs.stripe.com/keys */
export const isLiveKey = (apiKey: string): boolean => /^[sr]k_live_/.test(apiKey)
