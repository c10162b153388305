const DAY_MS = 86_400_000
/** Longer than a weekend: an endpoint may fail for this long before its events are given up. */
export const AGE_MAX_MS = 3 * DAY_MS
/** By the schedule below, the twentieth attempt comes after three days. */
export const ATTEMPTS_MAX = 20
/** 5, 15, 45 seconds … 6 hours. */
const BACKOFF_MS = 5_000
const BACKOFF_FACTOR = 3
/** The longest pause between two attempts, in milliseconds. */
export const BACKOFF_MAX_MS = 6 * 3_600_000
/** Spreads retries of deliveries that failed together, by 20 % either way. */
const JITTER = 0.2
/** A longer `Retry-After` of a receiver is shortened to this. */
const RETRY_AFTER_MAX_MS = DAY_MS
/** After this many consecutive failures, of any subscriptions, all deliveries to the endpoint pause. */
export const HOLD_AFTER_FAILURES = 20
const HOLD_MS = 60_000

/** The result of one attempt. */
export type Attempt = {
  /** The HTTP status; null if there was no response. */
  readonly status: number | null
  /** Why it failed; null if it was acknowledged. */
  readonly error: string | null
  /** The receiver's `Retry-After` in milliseconds. */
  readonly retryAfterMs: number | null
}

/** A delivery after an attempt; `attempts` includes it. */
export type Tried = { readonly attempts: number; readonly queuedAt: Date }

/** The state after an attempt, and the next one. */
export type Verdict =
  | { readonly state: 'delivered' }
  | { readonly state: 'failed' }
  | {
      readonly state: 'pending'
      readonly until: Date
      /** Pauses the endpoint until an instant once it has failed `after` times in a row. */
      readonly hold: { readonly after: number; readonly until: Date }
    }

const GONE = 410
/** These statuses concern the whole endpoint, not one event. */
const BUSY = [429, 503]

/**
 * Decides what follows an attempt. Failures are retried with growing waits, until there are too many or the event is too
 * old.
 *
 * @param chance random, between 0 and 1, for the jitter.
 */
export function judge(
  { status, error, retryAfterMs }: Attempt,
  { attempts, queuedAt }: Tried,
  at: Date,
  chance: number,
): Verdict {
  if (error === null) return { state: 'delivered' }
  if (attempts >= ATTEMPTS_MAX) return { state: 'failed' }
  // Gone permanently: a long wait keeps later events back until the endpoint is disabled.
  const steps = status === GONE ? BACKOFF_MAX_MS : BACKOFF_MS * BACKOFF_FACTOR ** (attempts - 1)
  const wait = Math.min(BACKOFF_MAX_MS, steps) * (1 + JITTER * (2 * chance - 1))
  const requestedMs = Math.min(retryAfterMs ?? 0, RETRY_AFTER_MAX_MS)
  const until = new Date(at.getTime() + Math.max(wait, requestedMs))
  if (until.getTime() - queuedAt.getTime() > AGE_MAX_MS) return { state: 'failed' }
  const isBusy = requestedMs > 0 && BUSY.some((each) => each === status)
  return {
    state: 'pending',
    until,
    hold: isBusy
      ? { after: 1, until: new Date(at.getTime() + requestedMs) }
      : { after: HOLD_AFTER_FAILURES, until: new Date(at.getTime() + HOLD_MS) },
  }
}

/** @returns why to disable an endpoint: it is gone, or failed for three days; null to keep it enabled. */
export function reasonToDisable(
  { status }: Attempt,
  failingSince: Date | null,
  at: Date,
): string | null {
  if (status === GONE) return 'it answered 410 Gone'
  if (failingSince !== null && at.getTime() - failingSince.getTime() >= AGE_MAX_MS)
    return `nothing was acknowledged since ${failingSince.toISOString()}`
  return null
}
