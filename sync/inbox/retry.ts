import { classifyStripeError } from '../../adapters/stripe/sdk/errors.ts'
import { messageOf } from '../../adapters/telemetry/error-message.ts'
import type {
  StoredStripeEvent,
  StripeEventRepository,
} from '../../domain/stripe/event-repository.ts'

/** After this many attempts, about half a minute, an event whose subscription is still unknown is parked: it is not ours. */
export const UNKNOWN_ATTEMPTS_MAX = 6

/** A request that Stripe refuses is refused again. After this many attempts, about four minutes, the event is parked. */
const REFUSED_ATTEMPTS_MAX = 8
/** Any other failure may pass: an outage of Stripe, of Temporal. After this many attempts, about three days, it is parked. */
const FAILED_ATTEMPTS_MAX = 4_320

/** Waits of 1, 2, 4 … up to 60 seconds: long enough for an outage, short enough to recover soon after it. */
const RETRY_MS = 1_000
const RETRY_MAX_MS = 60_000
/** A forwarded fact that is not done by then is signaled again: after 1, 2, 4 … up to 60 minutes. */
const CHECK_AGAIN_MS = 60_000
const CHECK_AGAIN_MAX_MS = 60 * 60_000

/** @returns when to check that a forwarded event is done */
export const checkAgainAt = (event: StoredStripeEvent, at: Date): Date =>
  doubled(at, CHECK_AGAIN_MS, event, CHECK_AGAIN_MAX_MS)

/** Keeps events in the inbox and retries each after a wait that doubles with its attempts. */
export async function postponeAll(
  stripeEvents: Pick<StripeEventRepository, 'postpone'>,
  events: readonly StoredStripeEvent[],
  reason: string,
  at: Date,
): Promise<void> {
  for (const event of events)
    await stripeEvents.postpone(event, reason, doubled(at, RETRY_MS, event, RETRY_MAX_MS))
}

/** Retries events that failed, and at last parks them, where operators see them. The nightly comparison finds what they changed. */
export async function postponeFailed(
  stripeEvents: Pick<StripeEventRepository, 'park' | 'postpone'>,
  events: readonly StoredStripeEvent[],
  error: unknown,
  at: Date,
): Promise<void> {
  const isRefused = ['rejected', 'missing'].includes(classifyStripeError(error)?.kind ?? '')
  const attemptsMax = isRefused ? REFUSED_ATTEMPTS_MAX : FAILED_ATTEMPTS_MAX
  const isOver = ({ attempts }: StoredStripeEvent) => attempts >= attemptsMax
  const reason = messageOf(error)
  await parkAll(stripeEvents, events.filter(isOver), `it failed ${attemptsMax} times: ${reason}`)
  await postponeAll(
    stripeEvents,
    events.filter((event) => !isOver(event)),
    reason,
    at,
  )
}

/** Keeps events in the inbox without acting on them. */
export async function parkAll(
  stripeEvents: Pick<StripeEventRepository, 'park'>,
  events: readonly StoredStripeEvent[],
  reason: string,
): Promise<void> {
  for (const event of events) await stripeEvents.park(event, reason)
}

const doubled = (at: Date, firstMs: number, { attempts }: StoredStripeEvent, maxMs: number): Date =>
  new Date(at.getTime() + Math.min(firstMs * 2 ** (attempts - 1), maxMs))
