import type Stripe from 'stripe'
import type { Logger } from '../../telemetry/logger.ts'
import { nowAndThen } from '../../time/now-and-then.ts'
import type { Telemetry } from '../../telemetry/telemetry.ts'

/** Far more than a request takes, and far less than the 300 seconds at which Stripe's signatures are refused. */
const SKEW_MAX_SECONDS = 60
const SAY_EVERY_MS = 3_600_000
/** Stripe writes whole seconds into its headers. */
const HALF_A_SECOND_MS = 500

/** Told of an instant by Stripe's clock, in milliseconds, and of the present here when it was read. */
export type SeeClock = (theirs: number, ours: number) => void

/**
 * Compares this machine's clock with Stripe's, by the signature of each webhook and by the date of each answer. One that
 * is five minutes off has all webhooks refused, so it is said long before: as `perennial.stripe.clock_skew`, and in the log.
 */
export function createClockSkew(given: {
  readonly logger: Logger
  readonly telemetry: Telemetry | undefined
}): SeeClock {
  let seconds: number | undefined
  const say = nowAndThen(SAY_EVERY_MS, () =>
    given.logger.warn(
      { seconds },
      'this machine’s clock is not Stripe’s; at 300 seconds webhooks are refused',
    ),
  )
  given.telemetry?.watch('perennial.stripe.clock_skew', () =>
    Promise.resolve(seconds === undefined ? [] : [[seconds, {}]]),
  )
  return (theirs, ours) => {
    seconds = (ours - theirs) / 1_000
    if (Math.abs(seconds) > SKEW_MAX_SECONDS) say()
  }
}

/** Compares clocks at each answer; half of its way is taken for the way back. */
export const withClock = (inner: Stripe.HttpClient, see: SeeClock): Stripe.HttpClient => ({
  getClientName: () => inner.getClientName(),
  async makeRequest(...request) {
    const sent = Date.now()
    const answer = await inner.makeRequest(...request)
    const theirs = Date.parse(String(answer.getHeaders()['date']))
    if (!Number.isNaN(theirs)) see(theirs + HALF_A_SECOND_MS, (sent + Date.now()) / 2)
    return answer
  },
})
