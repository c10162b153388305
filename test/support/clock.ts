import type { Clock } from '../../domain/clock.ts'

export type TestClock = Clock & {
  /** Moves to `instant`; time never runs backwards. */
  readonly moveTo: (instant: Date) => void
}

/** A clock that stands still until it is moved. */
export function createTestClock(start: Date): TestClock {
  let now = start
  return {
    now: () => new Date(now),
    moveTo: (instant) => {
      if (instant < now)
        throw new RangeError(`the clock cannot go back to ${instant.toISOString()}`)
      now = instant
    },
  }
}
