import { readFileSync, statSync } from 'node:fs'
import type { Clock } from '../domain/clock.ts'

export const systemClock: Clock = { now: () => new Date() }

/** The offset is looked up this often: time travel is a matter of development, and a request must not wait for a disk. */
const REREAD_MS = 50

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
    const { offsetMs: read } = JSON.parse(readFileSync(path, 'utf8')) as { offsetMs?: unknown }
    if (typeof read !== 'number') throw new TypeError(`${path} holds no offsetMs`)
    offsetMs = read
  }
  return {
    now: () => {
      const now = Date.now()
      if (now - readAt >= REREAD_MS) reread(now)
      return new Date(now + offsetMs)
    },
  }
}
