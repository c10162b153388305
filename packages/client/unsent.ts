import { isUnreachable, ProblemError } from './errors.ts'
import type { BatchOutcome } from './generated/types.ts'

/** An event that was allowed while the service was away, as `usage.batch` takes it. */
export type UnsentEvent = {
  readonly feature: string
  readonly amount: number
  /** When it was allowed. */
  readonly occurred_at: string
  readonly idempotency_key: string
}

export type SentAnswer = BatchOutcome['events'][number]

export type UnsentOptions = {
  /** How many wait at most; beyond them usage fails closed, because what cannot be kept would not be counted. */
  readonly max?: number
  /** What the service said to it at last. `refused`: it was allowed by policy, and is not counted. */
  readonly onSent?: (userId: string, event: UnsentEvent, answer: SentAnswer) => void
  /** The service will never take it. */
  readonly onRejected?: (userId: string, event: UnsentEvent, problem: ProblemError) => void
}

/** Some megabytes. */
const UNSENT_MAX = 10_000
/** What the API takes at once. */
const BATCH_MAX = 1_000
const PAUSE_FIRST_MS = 500
const PAUSE_MAX_MS = 30_000
/** What is wrong with a body, and not with who sends it or when. */
const WRONG_BODY = [400, 413, 422]

type Kept = { readonly userId: string; readonly event: UnsentEvent }

export type Unsent = ReturnType<typeof createUnsent>

/**
 * Keeps events in memory until the service takes them, the oldest first, each under the key that it first went under:
 * one that was counted before its answer got lost is not counted again. A process that ends takes what is kept along.
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

  /** Sends what is kept until the service is away again; answers how many still wait. */
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
        // Whatever else it is: they are not sent, so they stay.
        if (!isUnreachable(error) && !(error instanceof ProblemError)) throw error
        state.pauseMs = Math.min(state.pauseMs * 2, PAUSE_MAX_MS)
        break
      }
    }
    return kept.length
  }

  /** One event that can never be taken does not keep the others: halves are tried until it stands alone. */
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
    /** False when there is no room: it is not kept. */
    add(userId: string, event: UnsentEvent): boolean {
      if (state.isClosed || kept.length >= max) return false
      kept.push({ userId, event })
      flushIn(state.pauseMs)
      return true
    },
    /** The service has just answered something. */
    serviceIsBack() {
      if (kept.length === 0 || flushing !== undefined) return
      clearTimeout(timer)
      timer = undefined
      flushIn(0)
    },
    /** Sends what can be sent, keeps nothing more, and answers what is left by user. */
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

/** In Node a timer keeps the process alive; what waits here is no reason to. */
function letEnd(timer: unknown): void {
  if (typeof timer !== 'object' || timer === null || !('unref' in timer)) return
  if (typeof timer.unref === 'function') timer.unref()
}
