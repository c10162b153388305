import { readFileSync, statSync } from 'node:fs'
import { z } from 'zod'
import type { Clock } from '../../domain/clock.ts'

/** The time of this machine. */
export const systemClock: Clock = { now: () => new Date() }

const clockFile = z.object({ offsetMs: z.number() })

/** How often the offset is read. It only changes in development, and requests should not wait for the disk. */
export const CLOCK_REREAD_MS = 50

/**
 * The system's clock plus the `offsetMs` in the JSON file `path`; without a path, the system's clock.
 *
 * @throws when the file exists and has other content
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
