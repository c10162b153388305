import { readClock } from '../adapters/clock.ts'
import type { Clock } from '../domain/clock.ts'
import { replaceFile } from './kept-file.ts'

/** The clock of the embedded stack: the wall clock, ahead by an offset that survives a restart. */
export type StackClock = Clock & {
  /** Moves the clock ahead, for this process and for every other that reads the same file. */
  readonly advance: (milliseconds: number) => Promise<void>
}

/** Opens the clock in `file`, which need not exist yet. Api, worker and simulator read the same file. */
export function openStackClock(file: string): StackClock {
  const clock = readClock(file)
  return {
    now: clock.now,
    advance: async (milliseconds) => {
      // A subscription's instants lie in the past of its events; going back would make them disagree.
      if (!(milliseconds >= 0)) throw new RangeError('the clock only moves ahead')
      const offsetMs = Math.round(clock.now().getTime() - Date.now() + milliseconds)
      await replaceFile(file, JSON.stringify({ offsetMs }))
    },
  }
}
