/** Bounds of a call and of each attempt. */
export type RetryPolicy = {
  /** Milliseconds from the call to its answer, including pauses and all attempts. */
  readonly deadlineMs: number
  /** Milliseconds after which an attempt is aborted and the next one begins. */
  readonly attemptMaxMs: number
  /** 1 disables retries. */
  readonly attemptsMax: number
}

/** With the pauses below, more attempts would outlast any sensible deadline. */
const ATTEMPTS_MAX = 10

/** Attempts last longer than 10 s, after which a checkout without a worker answers 503. */
export const RETRY: RetryPolicy = {
  deadlineMs: 30_000,
  attemptMaxMs: 15_000,
  attemptsMax: ATTEMPTS_MAX,
}
/** Usage calls run while a user waits: long enough for a restart of the service, and no longer. */
export const USAGE_RETRY: RetryPolicy = { ...RETRY, deadlineMs: 5_000, attemptMaxMs: 2_000 }

const PAUSE_FIRST_MS = 100
const PAUSE_MAX_MS = 5_000
/** A longer `Retry-After` is treated as a mistake of a proxy. */
const RETRY_AFTER_MAX_MS = 60_000

/**
 * The pause before the next attempt, in milliseconds: exponential with jitter (50 to 100 %), so that many callers do not
 * return at the same moment, and never shorter than the service's `Retry-After`.
 *
 * @param attempts the number of attempts so far, from 1.
 * @param retryAfter milliseconds of `Retry-After`; 0 for none.
 */
export function pauseAfter(attempts: number, retryAfter: number, random = Math.random()): number {
  const doubled = Math.min(PAUSE_FIRST_MS * 2 ** (attempts - 1), PAUSE_MAX_MS)
  const jittered = doubled * (0.5 + random / 2)
  return retryAfter > 0 ? retryAfter + jittered / 2 : jittered
}

/** `Retry-After` (seconds or a date) in milliseconds; 0 when it is missing or invalid. */
export function retryAfterMs(header: string | null, now: Date): number {
  if (header === null) return 0
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - +now
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), RETRY_AFTER_MAX_MS) : 0
}

/** Waits. @throws the signal's reason when it aborts. */
export function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal?.addEventListener('abort', stop, { once: true })
  })
}
