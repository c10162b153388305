/** How long an endpoint may fail, and how often an event is sent: an outage of a weekend loses nothing. */
const DAY_MS = 86_400_000
export const AGE_MAX_MS = 3 * DAY_MS
/** By the schedule below the twentieth attempt comes after three days. */
export const ATTEMPTS_MAX = 20
/** 5, 15, 45 seconds … 6 hours. */
const BACKOFF_MS = 5_000
const BACKOFF_FACTOR = 3
export const BACKOFF_MAX_MS = 6 * 3_600_000
/** Whoever fails together is not asked again together. */
const JITTER = 0.2
/** A receiver that asks for more time than this is asked again all the same. */
const RETRY_AFTER_MAX_MS = DAY_MS
/** After so many failures in a row, of whatever subscriptions, the endpoint itself is taken to be away. */
export const HOLD_AFTER_FAILURES = 20
const HOLD_MS = 60_000

/** What came of one attempt, as far as anybody can tell from here. */
export type Attempt = {
  /** Null when no answer came. */
  readonly status: number | null
  /** Why it does not count as acknowledged; null when it does. */
  readonly error: string | null
  /** What the receiver asked to be waited for. */
  readonly retryAfterMs: number | null
}

/** A delivery that was tried. */
export type Tried = { readonly attempts: number; readonly queuedAt: Date }

export type Verdict =
  | { readonly state: 'delivered' }
  | { readonly state: 'failed' }
  | {
      readonly state: 'pending'
      readonly until: Date
      /** After how many failures in a row the endpoint is let alone, and until when. */
      readonly hold: { readonly after: number; readonly until: Date }
    }

const GONE = 410
/** These speak of the receiver as a whole, not of one event. */
const BUSY = [429, 503]

/**
 * Decides what an attempt means. Any 2xx acknowledges; what fails is tried again with growing waits, until it is too old.
 * @param chance between 0 and 1.
 */
export function judge(
  { status, error, retryAfterMs }: Attempt,
  { attempts, queuedAt }: Tried,
  at: Date,
  chance: number,
): Verdict {
  if (error === null) return { state: 'delivered' }
  if (attempts >= ATTEMPTS_MAX) return { state: 'failed' }
  // Gone for good: nothing that waits behind this one is to follow it before the endpoint is disabled.
  const steps = status === GONE ? BACKOFF_MAX_MS : BACKOFF_MS * BACKOFF_FACTOR ** (attempts - 1)
  const wait = Math.min(BACKOFF_MAX_MS, steps) * (1 + JITTER * (2 * chance - 1))
  const asked = Math.min(retryAfterMs ?? 0, RETRY_AFTER_MAX_MS)
  const until = new Date(at.getTime() + Math.max(wait, asked))
  if (until.getTime() - queuedAt.getTime() > AGE_MAX_MS) return { state: 'failed' }
  const isBusy = asked > 0 && BUSY.some((each) => each === status)
  return {
    state: 'pending',
    until,
    hold: isBusy
      ? { after: 1, until: new Date(at.getTime() + asked) }
      : { after: HOLD_AFTER_FAILURES, until: new Date(at.getTime() + HOLD_MS) },
  }
}

/** Why an endpoint gets nothing more; null while it is trusted to come back. */
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
