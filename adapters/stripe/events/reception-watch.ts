import Stripe from 'stripe'
import type { Logger } from '../../telemetry/logger.ts'
import { nowAndThen } from '../../time/now-and-then.ts'
import type { Telemetry } from '../../telemetry/telemetry.ts'
import type { SeeClock } from '../sdk/clock-skew.ts'

/** What is told of a webhook of Stripe's that was believed and kept. */
export type Received = {
  /** Which of the configured signing secrets it fits, from 1. */
  readonly secret: number
  /** When it was signed, by Stripe's clock. */
  readonly signedAt: number
  /** Null for one that comes without its object. */
  readonly apiVersion: string | null
  readonly repeated: boolean
}

export type ReceptionWatch = {
  readonly received: (event: Received) => void
  readonly refused: () => void
}

const SAY_EVERY_MS = 3_600_000

/**
 * Watches what comes as webhooks: by which secret it is signed, so that an operator sees when an old one is used no more,
 * and in which version of Stripe's API. Another version than the SDK's is taken in all the same, because nothing is read
 * of it but ids; yet the endpoint should be of ours.
 */
export function createReceptionWatch(given: {
  readonly logger: Logger
  readonly telemetry: Telemetry | undefined
  readonly seeClock: SeeClock
}): ReceptionWatch {
  const { telemetry, seeClock } = given
  const sayVersion = nowAndThen(SAY_EVERY_MS, (apiVersion: string) =>
    given.logger.warn(
      { apiVersion, ours: Stripe.API_VERSION },
      'Stripe’s endpoint has another API version than ours',
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
      if (apiVersion !== null && apiVersion !== Stripe.API_VERSION) sayVersion(apiVersion)
      count(String(secret), versionOf(apiVersion), repeated ? 'repeated' : 'kept')
    },
    refused: () => count('none', 'none', 'refused'),
  }
}

function versionOf(apiVersion: string | null): 'ours' | 'other' | 'none' {
  if (apiVersion === null) return 'none'
  return apiVersion === Stripe.API_VERSION ? 'ours' : 'other'
}
