import { setTimeout as wait } from 'node:timers/promises'
import Stripe from 'stripe'
import { retryAfterMs } from './errors.ts'
import type { Pacing } from './pacing.ts'

/** Stripe's limit is one for all that the account asks, so what waits for it stands in one line. */
export function createPacedHttpClient(inner: Stripe.HttpClient, pacing: Pacing): Stripe.HttpClient {
  return {
    getClientName: () => inner.getClientName(),
    async makeRequest(...request) {
      const leave = await pacing.ask()
      if (leave.kind === 'later') return new TurnedAway(leave.afterMs)
      if (leave.afterMs > 0) await wait(leave.afterMs)
      const response = await inner.makeRequest(...request)
      if (response.getStatusCode() === 429)
        await pacing.hold(retryAfterMs(response.getHeaders()) ?? HOLD_MS)
      return response
    },
  }
}

/** How long all wait when Stripe has had enough and does not say for how long. */
const HOLD_MS = 1_000

/** What Stripe would have answered, without asking it. */
class TurnedAway extends Stripe.HttpClientResponse {
  constructor(afterMs: number) {
    super(429, { 'retry-after': String(afterMs / 1_000) })
  }

  override toJSON() {
    const message = 'Too many requests wait for Stripe; this one was not sent.'
    return Promise.resolve({
      error: { type: 'invalid_request_error', code: 'rate_limit', message },
    })
  }
}
