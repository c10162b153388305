import { createCounted } from './matching.ts'

/** The fault that a matching API request meets. */
export type Fault = {
  readonly kind:
    | 'answer' // refused with `status` before execution
    | 'commit_then_answer' // executed, but answered (and remembered) as `status`
    | 'commit_then_reset' // executed, then the connection breaks
    | 'commit_then_hang' // executed, and never answered
    | 'delay' // answered `milliseconds` late; the same key meanwhile is a conflict
  readonly status: number
  readonly milliseconds: number
  readonly retryAfter?: number | undefined
  readonly shouldRetry?: boolean | undefined
  readonly method?: string | undefined
  /** The prefix of the path, such as `/v1/subscriptions`. */
  readonly path?: string | undefined
}

/** The faults that wait for a matching request, and the rate limit. */
export type Faults = ReturnType<typeof createFaults>

/**
 * Starts without faults and without a limit. A request above the limit meets a 429.
 * @see https://docs.stripe.com/rate-limits
 */
export function createFaults() {
  const counted = createCounted<Fault>()
  const bucket = createBucket()
  let retryAfter: number | undefined
  return {
    ...counted,
    /** The fault that matches this request, if any. */
    next(method: string, path: string): Fault | undefined {
      const fault = counted.take(
        (each) =>
          (each.method === undefined || each.method === method) &&
          (each.path === undefined || path.startsWith(each.path)),
      )
      if (fault !== undefined || bucket.allows(Date.now())) return fault
      return { kind: 'answer', status: 429, milliseconds: 0, retryAfter }
    },
    /** @param patience the Retry-After of a refused request, in seconds. */
    limitRate(perSecond: number | null, patience?: number) {
      bucket.limit(perSecond)
      retryAfter = patience
    },
  }
}

/** Real time: Stripe limits real requests per real second. */
function createBucket() {
  let perSecond: number | null = null
  let tokens = 0
  let filledAt = 0
  return {
    limit(rate: number | null) {
      perSecond = rate
      tokens = rate ?? 0
      filledAt = Date.now()
    },
    allows(now: number): boolean {
      if (perSecond === null) return true
      tokens = Math.min(perSecond, tokens + ((now - filledAt) / 1000) * perSecond)
      filledAt = now
      if (tokens < 1) return false
      tokens -= 1
      return true
    },
  }
}
