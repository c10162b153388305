import { z } from 'zod'
import { setTimeout as wait } from 'node:timers/promises'
import { CLOCK_REREAD_MS, readClock } from '../adapters/time/clock.ts'
import type { Clock } from '../domain/clock.ts'
import { readIfPresent, replaceFile } from './kept-file.ts'

/** The clock of the embedded stack: the wall clock plus an offset that survives a restart. */
export type StackClock = Clock & {
  /** Advances the clock, for this process and for every other process that reads the same file. */
  readonly advance: (milliseconds: number) => Promise<void>
}

const clockFile = z.object({ offsetMs: z.number() })

/** Opens the clock in `file`, which may not exist yet. API, worker and simulator read the same file. */
export function openStackClock(file: string): StackClock {
  return {
    now: readClock(file).now,
    advance: async (milliseconds) => {
      // Otherwise past events would lie in the future: the clock never moves backwards.
      if (!(milliseconds >= 0)) throw new RangeError('the clock only moves ahead')
      const text = await readIfPresent(file)
      const { offsetMs } = text === undefined ? { offsetMs: 0 } : clockFile.parse(JSON.parse(text))
      await replaceFile(file, JSON.stringify({ offsetMs: offsetMs + milliseconds }))
      // Once this resolves, every process that reads the file has the new time.
      await wait(CLOCK_REREAD_MS)
    },
  }
}
