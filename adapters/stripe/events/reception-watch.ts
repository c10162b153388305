import Stripe from 'stripe'
import type { Logger } from '../../telemetry/logger.ts'
import { throttle } from '../../time/throttle.ts'
import type { Telemetry } from '../../telemetry/telemetry.ts'
import type { SeeClock } from '../sdk/clock-skew.ts'

/** A webhook from Stripe that was stored. */
export type Received = {
  /** The position of the matching signing secret, from 1. */
  readonly secret: number
  /** The time of signing by Stripe's clock, in milliseconds since 1970. */
  readonly signedAt: number
  /** Null for an event without its object. */
  readonly apiVersion: string | null
  readonly repeated: boolean
}

/** Counts the webhooks that were stored and those that were refused. */
export type ReceptionWatch = {
  readonly received: (event: Received) => void
  readonly refused: () => void
}

const LOG_EVERY_MS = 3_600_000

/**
 * Counts webhooks by signing secret, so operators see when an old secret is no longer used, and by API version. An event of
 * another version is stored too, because we only use its ids. But the endpoint should have the SDK's version.
 *
 * @see https://docs.stripe.com/webhooks/versioning
 */
export function createReceptionWatch(given: {
  readonly logger: Logger
  readonly telemetry: Telemetry | undefined
  readonly seeClock: SeeClock
}): ReceptionWatch {
  const { telemetry, seeClock } = given
  const warnVersion = throttle(LOG_EVERY_MS, (apiVersion: string) =>
    given.logger.warn(
      { apiVersion, ours: Stripe.API_VERSION },
      'the webhook endpoint at Stripe has another API version than the SDK',
    ),
  )
  const count = (secret: string, version: string, outcome: string) =>
    telemetry?.count('perennial.webhook.received', {
      'perennial.secret': secret,
      'perennial.api_version': version,
      'perennial.outcome': outcome,
    })
  return {
    received({ secret, signedAt, apiVersion, repeated }) {
      seeClock(signedAt, Date.now())
      if (apiVersion !== null && apiVersion !== Stripe.API_VERSION) warnVersion(apiVersion)
      count(String(secret), versionOf(apiVersion), repeated ? 'repeated' : 'kept')
    },
    refused: () => count('none', 'none', 'refused'),
  }
}

function versionOf(apiVersion: string | null): 'ours' | 'other' | 'none' {
  if (apiVersion === null) return 'none'
  return apiVersion === Stripe.API_VERSION ? 'ours' : 'other'
}
