/** How long a call may take, and each attempt of it. */
export type RetryPolicy = {
  /** From the call to its answer, pauses and all attempts included. */
  readonly deadlineMs: number
  /** After which an attempt is given up and the next one begins. */
  readonly attemptMaxMs: number
  /** 1 never asks twice. */
  readonly attemptsMax: number
}

/** With the pauses below more would take longer than any sensible deadline. */
const ATTEMPTS_MAX = 10

/** A checkout that finds no worker answers after ten seconds; attempts are longer than that. */
export const RETRY: RetryPolicy = {
  deadlineMs: 30_000,
  attemptMaxMs: 15_000,
  attemptsMax: ATTEMPTS_MAX,
}
/** Usage is asked before each request of an application, whose user waits: a restart of the service fits in, no more. */
export const USAGE_RETRY: RetryPolicy = { ...RETRY, deadlineMs: 5_000, attemptMaxMs: 2_000 }

const PAUSE_FIRST_MS = 100
const PAUSE_MAX_MS = 5_000
/** A wish for a longer pause than this is a mistake of something in between. */
const RETRY_AFTER_MAX_MS = 60_000

/**
 * How long to wait before the attempt after the `attempts`-th: twice as long each time, between half of that and all of
 * it, so that many callers do not come back at once. Never sooner than the service asked for.
 */
export function pauseAfter(attempts: number, askedMs: number, random = Math.random()): number {
  const doubled = Math.min(PAUSE_FIRST_MS * 2 ** (attempts - 1), PAUSE_MAX_MS)
  const jittered = doubled * (0.5 + random / 2)
  return askedMs > 0 ? askedMs + jittered / 2 : jittered
}

/** What a `Retry-After` says, in seconds or as a date, in milliseconds; zero for none and for what is neither. */
export function retryAfterMs(header: string | null, now: Date): number {
  if (header === null) return 0
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - +now
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), RETRY_AFTER_MAX_MS) : 0
}

/** Waits, unless the signal ends it. @throws the signal's reason. */
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
