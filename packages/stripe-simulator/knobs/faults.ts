import { createCounted } from './matching.ts'

/** What goes wrong with a matching request of the API. */
export type Fault = {
  readonly kind:
    | 'answer' // refused with `status` before anything is done
    | 'commit_then_answer' // carried out, yet answered (and remembered) as `status`
    | 'commit_then_reset' // carried out, then the connection breaks
    | 'commit_then_hang' // carried out, and never answered
    | 'delay' // answered `milliseconds` late; the same key meanwhile is a conflict
  readonly status: number
  readonly milliseconds: number
  readonly retryAfter?: number | undefined
  readonly shouldRetry?: boolean | undefined
  readonly method?: string | undefined
  /** The beginning of the path, such as `/v1/subscriptions`. */
  readonly path?: string | undefined
}

export type Faults = ReturnType<typeof createFaults>

export function createFaults() {
  const counted = createCounted<Fault>()
  const bucket = createBucket()
  let retryAfter: number | undefined
  return {
    ...counted,
    /** The fault that this request meets, if any. */
    next(method: string, path: string): Fault | undefined {
      const fault = counted.take(
        (each) =>
          (each.method === undefined || each.method === method) &&
          (each.path === undefined || path.startsWith(each.path)),
      )
      if (fault !== undefined || bucket.allows(Date.now())) return fault
      return { kind: 'answer', status: 429, milliseconds: 0, retryAfter }
    },
    /** @param patience what a refused request is told to wait, in seconds. */
    limitRate(perSecond: number | null, patience?: number) {
      bucket.limit(perSecond)
      retryAfter = patience
    },
  }
}

/** Real time: it is real requests per real second that Stripe limits. */
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
