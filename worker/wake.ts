import { setTimeout as timer } from 'node:timers/promises'

/** Ends a wait early. A call between two waits ends the next wait immediately, so that no call is lost. */
export type Wake = {
  readonly call: () => void
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>
}

/** Creates a signal that ends the wait of a sweep early. A call while nobody waits ends the next wait. */
export function createWake(): Wake {
  let isCalled = false
  let waiting: AbortController | undefined
  return {
    call: () => {
      isCalled = true
      waiting?.abort()
    },
    async wait(ms, signal) {
      const early = new AbortController()
      if (isCalled) early.abort()
      waiting = early
      await timer(ms, undefined, { signal: AbortSignal.any([signal, early.signal]) }).catch(
        (error: unknown) => {
          if (!signal.aborted && !early.signal.aborted) throw error
        },
      )
      waiting = undefined
      isCalled = false
    },
  }
}
