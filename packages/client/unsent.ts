import { isUnreachable, ProblemError } from './errors.ts'
import type { BatchOutcome } from './generated/types.ts'

/** An event that was allowed while the service was away, in the shape of `usage.batch`. */
export type UnsentEvent = {
  readonly feature: string
  readonly amount: number
  /** When it was allowed. */
  readonly occurred_at: string
  readonly idempotency_key: string
}

/** The service's decision on one event. */
export type SentAnswer = BatchOutcome['events'][number]

/** Options of the queue for usage that was allowed while the service was away. */
export type UnsentOptions = {
  /** The most events to keep, 10,000 by default. Beyond it usage fails closed, because an event that is not kept is not counted. */
  readonly max?: number
  /** Called with the service's decision. `refused` means: the policy allowed it, and it is not counted. */
  readonly onSent?: (userId: string, event: UnsentEvent, answer: SentAnswer) => void
  /** Called when the service will never accept the event. */
  readonly onRejected?: (userId: string, event: UnsentEvent, problem: ProblemError) => void
}

/** A few megabytes of memory. */
const UNSENT_MAX = 10_000
/** The most events in one `POST /usage/batch`. */
const BATCH_MAX = 1_000
const PAUSE_FIRST_MS = 500
const PAUSE_MAX_MS = 30_000
/** Statuses that blame the body; others may pass with the same body later. */
const WRONG_BODY = [400, 413, 422]

type Kept = { readonly userId: string; readonly event: UnsentEvent }

/** See `createUnsent`. */
export type Unsent = ReturnType<typeof createUnsent>

/**
 * Keeps events in memory until the service accepts them, oldest first, each under its first idempotency key: an event
 * whose answer was lost is not counted twice. Events that are still kept when the process ends are lost.
 */
export function createUnsent(
  send: (userId: string, events: UnsentEvent[]) => Promise<BatchOutcome>,
  { max = UNSENT_MAX, onSent, onRejected }: UnsentOptions = {},
) {
  const kept: Kept[] = []
  const state = { pauseMs: PAUSE_FIRST_MS, isClosed: false }
  let timer: ReturnType<typeof setTimeout> | undefined
  let flushing: Promise<number> | undefined

  function flushIn(ms: number) {
    if (timer !== undefined || state.isClosed || kept.length === 0) return
    timer = setTimeout(() => {
      timer = undefined
      void flush()
    }, ms)
    letEnd(timer)
  }

  /** Sends the kept events until the service is away again. @returns the number that still wait. */
  function flush(): Promise<number> {
    flushing ??= sendAll().finally(() => {
      flushing = undefined
      flushIn(state.pauseMs)
    })
    return flushing
  }

  async function sendAll(): Promise<number> {
    while (kept[0] !== undefined) {
      const { userId } = kept[0]
      const chunk = kept.filter((each) => each.userId === userId).slice(0, BATCH_MAX)
      try {
        await deliver(userId, chunk)
        state.pauseMs = PAUSE_FIRST_MS
      } catch (error) {
        // On any failure of the service the events stay; the next flush sends them.
        if (!isUnreachable(error) && !(error instanceof ProblemError)) throw error
        state.pauseMs = Math.min(state.pauseMs * 2, PAUSE_MAX_MS)
        break
      }
    }
    return kept.length
  }

  /** Splits a refused batch in halves until the invalid event stands alone, so that it does not block the others. */
  async function deliver(userId: string, chunk: readonly Kept[]): Promise<void> {
    try {
      const { events } = await send(
        userId,
        chunk.map(({ event }) => event),
      )
      for (const [index, each] of chunk.entries()) {
        const answer = events[index]
        if (answer === undefined) continue
        forget(each)
        onSent?.(userId, each.event, answer)
      }
    } catch (error) {
      if (!(error instanceof ProblemError) || !WRONG_BODY.includes(error.status)) throw error
      const [first] = chunk
      if (first === undefined) return
      if (chunk.length > 1) {
        const middle = Math.ceil(chunk.length / 2)
        await deliver(userId, chunk.slice(0, middle))
        await deliver(userId, chunk.slice(middle))
        return
      }
      forget(first)
      onRejected?.(userId, first.event, error)
    }
  }

  const forget = (each: Kept) => void kept.splice(kept.indexOf(each), 1)

  return {
    flush,
    /** @returns false when the queue is full; the event is not kept then. */
    add(userId: string, event: UnsentEvent): boolean {
      if (state.isClosed || kept.length >= max) return false
      kept.push({ userId, event })
      flushIn(state.pauseMs)
      return true
    },
    /** Call when the service has just answered: the queue is sent immediately. */
    serviceIsBack() {
      if (kept.length === 0 || flushing !== undefined) return
      clearTimeout(timer)
      timer = undefined
      flushIn(0)
    },
    /** Sends what can be sent and accepts no more events. @returns the unsent events by user. */
    async close(): Promise<ReadonlyMap<string, readonly UnsentEvent[]>> {
      state.isClosed = true
      clearTimeout(timer)
      await flush()
      const left = new Map<string, UnsentEvent[]>()
      for (const { userId, event } of kept) left.set(userId, [...(left.get(userId) ?? []), event])
      return left
    },
  }
}

/** In Node a pending timer keeps the process alive; unsent events should not. */
function letEnd(timer: unknown): void {
  if (typeof timer !== 'object' || timer === null || !('unref' in timer)) return
  if (typeof timer.unref === 'function') timer.unref()
}
