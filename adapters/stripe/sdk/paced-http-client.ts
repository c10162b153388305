import { setTimeout as wait } from 'node:timers/promises'
import Stripe from 'stripe'
import { retryAfterMs } from './errors.ts'
import type { Pacing } from './pacing.ts'

/**
 * Holds each request back until the pace allows it. One pace covers all requests, because Stripe limits the account as a
 * whole. @see https://docs.stripe.com/rate-limits
 */
export function createPacedHttpClient(inner: Stripe.HttpClient, pacing: Pacing): Stripe.HttpClient {
  return {
    getClientName: () => inner.getClientName(),
    async makeRequest(...request) {
      const leave = await pacing.ask()
      if (leave.kind === 'later') return new NotSentResponse(leave.afterMs)
      if (leave.afterMs > 0) await wait(leave.afterMs)
      const response = await inner.makeRequest(...request)
      if (response.getStatusCode() === 429)
        await pacing.hold(retryAfterMs(response.getHeaders()) ?? HOLD_MS)
      return response
    },
  }
}

/** The pause after a 429 without `Retry-After`. */
const HOLD_MS = 1_000

/** The 429 that Stripe would have answered. The request is not sent. */
class NotSentResponse extends Stripe.HttpClientResponse {
  constructor(afterMs: number) {
    super(429, { 'retry-after': String(afterMs / 1_000) })
  }

  override toJSON() {
    const message = 'Too many requests are waiting for Stripe. This request was not sent.'
    return Promise.resolve({
      error: { type: 'invalid_request_error', code: 'rate_limit', message },
    })
  }
}
