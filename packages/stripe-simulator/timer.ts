import type { Clock } from './clock.ts'
import type { Engine } from './engine.ts'

/** The clock may be moved by its owner at any time, so it is looked at this often at least. */
const LOOK_EVERY_MS = 500
/** Not a busy loop, even when something is due at once. */
const LOOK_AFTER_MS = 5

/** Lets due things happen by themselves: one timer to the next of them, set anew each time. */
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
