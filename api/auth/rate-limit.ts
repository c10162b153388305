import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import type { Caller } from './caller.ts'

/** Calls are counted in windows of this length. */
const WINDOW_S = 60

export type RateLimitPolicy = {
  /** Calls of one API key in a minute. */
  readonly keyPerMinute: number
  /** Calls with the tokens of one user in a minute. */
  readonly userPerMinute: number
}

export type Spent = {
  readonly kind: 'within' | 'over'
  /** `RateLimit` and `RateLimit-Policy`, as the IETF's draft `ratelimit-headers` has them. */
  readonly headers: Readonly<Record<string, string>>
  /** Seconds until the window ends. */
  readonly resetsIn: number
}

export type SpendCall = (caller: Caller) => Promise<Spent>

/**
 * Counts calls in this process's memory: several API processes allow several times as much, and a restart begins again.
 * It protects the service from a caller who runs away; what a customer may use is the quotas' business.
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
