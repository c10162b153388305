import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import type { Caller } from './caller.ts'

/** The window in which calls are counted. */
const WINDOW_S = 60

/** The limits of callers. Each process counts for itself. */
export type RateLimitPolicy = {
  /** Calls per minute with one API key. */
  readonly keyPerMinute: number
  /** Calls per minute with all tokens of one user. */
  readonly userPerMinute: number
}

/** The result of counting a call. */
export type Spent = {
  readonly kind: 'within' | 'over'
  /**
   * `RateLimit` and `RateLimit-Policy`.
   * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
   */
  readonly headers: Readonly<Record<string, string>>
  /** Seconds until the window ends. */
  readonly resetsIn: number
}

/** Counts a call. `over` means that the caller has no calls left in this window. */
export type SpendCall = (caller: Caller) => Promise<Spent>

/**
 * Counts calls in the memory of this process: each API process has its own counters, and a restart resets them. The limit
 * protects the service from a caller in a loop. Quotas limit what a customer may use.
 */
export function createRateLimits({ keyPerMinute, userPerMinute }: RateLimitPolicy): SpendCall {
  const limits = {
    key: limit('key', keyPerMinute),
    user_token: limit('user', userPerMinute),
  }
  return (caller) => limits[caller.kind](caller.kind === 'key' ? caller.keyId : caller.userId)
}

function limit(name: string, points: number) {
  const limiter = new RateLimiterMemory({ points, duration: WINDOW_S, keyPrefix: name })
  const policy = `"${name}";q=${points};w=${WINDOW_S}`
  const spent = (kind: Spent['kind'], { remainingPoints, msBeforeNext }: RateLimiterRes): Spent => {
    const resetsIn = Math.ceil(msBeforeNext / 1_000)
    const left = Math.max(0, remainingPoints)
    return {
      kind,
      resetsIn,
      headers: { RateLimit: `"${name}";r=${left};t=${resetsIn}`, 'RateLimit-Policy': policy },
    }
  }
  return async (id: string): Promise<Spent> => {
    try {
      return spent('within', await limiter.consume(id))
    } catch (over) {
      if (over instanceof RateLimiterRes) return spent('over', over)
      throw over
    }
  }
}
