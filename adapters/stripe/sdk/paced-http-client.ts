import { setTimeout as wait } from 'node:timers/promises'
import Stripe from 'stripe'
import { CLASS_LIMITS, type PaceClass } from '../../../domain/stripe/pace.ts'
import type { Telemetry } from '../../telemetry/telemetry.ts'
import { retryAfterMs } from './errors.ts'
import type { Pacing } from './pacing.ts'

/** The class of the requests of one client, and what waits with them. */
export type PacedHttp = {
  readonly pacing: Pacing
  readonly paceClass: PaceClass
  readonly telemetry?: Telemetry | undefined
}

/**
 * Holds each request back until the pace allows it. One pace covers all requests, because Stripe limits the account as a
 * whole. @see https://docs.stripe.com/rate-limits
 */
export function createPacedHttpClient(
  inner: Stripe.HttpClient,
  paced: PacedHttp,
): Stripe.HttpClient {
  return {
    getClientName: () => inner.getClientName(),
    async makeRequest(...request) {
      const began = performance.now()
      const afterMs = await waitForTurn(paced)
      paced.telemetry?.measure('perennial.stripe.wait', (performance.now() - began) / 1_000, {
        'perennial.class': paced.paceClass,
        'perennial.outcome': afterMs === undefined ? 'sent' : 'refused',
      })
      if (afterMs !== undefined) return new NotSentResponse(afterMs)
      const response = await inner.makeRequest(...request)
      if (response.getStatusCode() === 429)
        await paced.pacing.hold(retryAfterMs(response.getHeaders()) ?? HOLD_MS)
      return response
    },
  }
}

/**
 * Waits until the request may be sent. Callers reserve their slot; other classes ask again, for as long as a caller would wait.
 *
 * @returns undefined when it may be sent; otherwise the milliseconds after which its step should try again
 */
async function waitForTurn({ pacing, paceClass }: PacedHttp): Promise<number | undefined> {
  const until = performance.now() + CLASS_LIMITS.caller.reserveMaxMs
  for (;;) {
    const reply = await pacing.ask(paceClass)
    const isLate = performance.now() + reply.afterMs > until
    if (reply.kind === 'later' && (paceClass === 'caller' || isLate)) return reply.afterMs
    if (reply.afterMs > 0) await wait(reply.afterMs)
    if (reply.kind === 'go') return undefined
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
