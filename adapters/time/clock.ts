import { readFileSync, statSync } from 'node:fs'
import { z } from 'zod'
import type { Clock } from '../../domain/clock.ts'

export const systemClock: Clock = { now: () => new Date() }

const clockFile = z.object({ offsetMs: z.number() })

/** The offset is looked up this often: time travel is a matter of development, and a request must not wait for a disk. */
export const CLOCK_REREAD_MS = 50

/**
 * The system's clock, moved ahead by the `offsetMs` in the JSON file `path`; the plain one without a path.
 * @throws when the file is there and is not such a file.
 */
export function readClock(path: string | undefined): Clock {
  if (path === undefined) return systemClock
  let offsetMs = 0
  let readAt = 0
  const reread = (now: number) => {
    readAt = now
    if (statSync(path, { throwIfNoEntry: false }) === undefined) return
    offsetMs = clockFile.parse(JSON.parse(readFileSync(path, 'utf8'))).offsetMs
  }
  return {
    now: () => {
      const now = Date.now()
      if (now - readAt >= CLOCK_REREAD_MS) reread(now)
      return new Date(now + offsetMs)
    },
  }
}
