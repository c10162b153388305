import type Stripe from 'stripe'
import type { Logger } from '../../telemetry/logger.ts'
import { throttle } from '../../time/throttle.ts'
import type { Telemetry } from '../../telemetry/telemetry.ts'

/** Far more than a request takes, and far less than the 300 seconds after which we refuse Stripe's signatures. */
const SKEW_MAX_SECONDS = 60
const LOG_EVERY_MS = 3_600_000
/** The `Date` header has whole seconds, so on average it is half a second old. */
const HALF_A_SECOND_MS = 500

/** Reports one reading. @param theirs Stripe's clock, in milliseconds @param ours our clock at that moment */
export type SeeClock = (theirs: number, ours: number) => void

/**
 * Compares this machine's clock with Stripe's: by the signature of each webhook and the date of each response. At five minutes
 * off, every webhook would be refused. So the gauge `perennial.stripe.clock_skew` and the log warn long before.
 *
 * @see https://docs.stripe.com/webhooks/signature
 */
export function createClockSkew(given: {
  readonly logger: Logger
  readonly telemetry: Telemetry | undefined
}): SeeClock {
  let seconds: number | undefined
  const warn = throttle(LOG_EVERY_MS, () =>
    given.logger.warn(
      { seconds },
      'this machine’s clock differs from Stripe’s; at 300 seconds webhooks are refused',
    ),
  )
  given.telemetry?.watch('perennial.stripe.clock_skew', () =>
    Promise.resolve(seconds === undefined ? [] : [[seconds, {}]]),
  )
  return (theirs, ours) => {
    seconds = (ours - theirs) / 1_000
    if (Math.abs(seconds) > SKEW_MAX_SECONDS) warn()
  }
}

/** Compares the clocks at each response, assuming that the request took as long as the response. */
export const withClock = (inner: Stripe.HttpClient, see: SeeClock): Stripe.HttpClient => ({
  getClientName: () => inner.getClientName(),
  async makeRequest(...request) {
    const sent = Date.now()
    const response = await inner.makeRequest(...request)
    const theirs = Date.parse(String(response.getHeaders()['date']))
    if (!Number.isNaN(theirs)) see(theirs + HALF_A_SECOND_MS, (sent + Date.now()) / 2)
    return response
  },
})
