import type { Clock } from './clock.ts'
import type { Engine } from './engine.ts'

/** The clock's owner may change it at any time, so it is checked at least this often. */
const LOOK_EVERY_MS = 500
/** Prevents a busy loop, even if a change is due immediately. */
const LOOK_AFTER_MS = 5

/** Runs due changes automatically: one timer for the next of them, reset each time. */
export function keepSettling(
  engine: Engine,
  { clock, log }: { readonly clock: Clock; readonly log: (line: string) => void },
): { readonly stop: () => void } {
  let stopped = false
  let timer = setTimeout(settle, LOOK_AFTER_MS)

  function settle(): void {
    void engine
      .settle()
      .catch((error: unknown) => log(`settling failed: ${String(error)}`))
      .finally(() => {
        if (!stopped) timer = setTimeout(settle, wait()).unref()
      })
  }

  function wait(): number {
    const due = engine.nextDueAt()
    if (due === undefined) return LOOK_EVERY_MS
    const left = due * 1000 - clock.now().getTime()
    return Math.min(Math.max(left, LOOK_AFTER_MS), LOOK_EVERY_MS)
  }

  timer.unref()
  return {
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}
