import { setTimeout as wait } from 'node:timers/promises'

/** Runs work within a caller's share, after the caller's earlier work. */
export type Shares = <T>(caller: string, work: () => Promise<T>) => Promise<T | 'too_many'>

/** Milliseconds. Work that took seconds must not keep its caller away for longer than an answer may take. */
const REST_MAX_MS = 2_000
/** A rest does not keep a process alive that is about to end. */
const restFor = (ms: number) => wait(ms, undefined, { ref: false })

/** The bounds of `createShares`. Counts are at least 1. */
export type ShareLimits = {
  /** Pieces of work of all callers that run at once. */
  readonly together: number
  /** Pieces of work of one caller that run or wait. */
  readonly perCaller: number
  /** After its work a caller waits this many times as long as it took. With 3, one caller uses a quarter of the time at most. */
  readonly restTimes?: number
}

/**
 * Divides a scarce resource among callers. One piece of work of each caller runs at a time, so that many of one caller wait for each
 * other and not for those of others.
 *
 * @param rest waits this many milliseconds
 * @returns `too_many` for work above the caller's limit, which is not run.
 */
export function createShares(
  { together, perCaller, restTimes = 0 }: ShareLimits,
  rest: (ms: number) => Promise<unknown> = restFor,
): Shares {
  const lines = new Map<string, (() => Promise<void>)[]>()
  /** Callers whose work waits for its turn, the longest wait first. */
  const waiting: string[] = []
  let running = 0

  function next(): void {
    while (running < together) {
      const caller = waiting.shift()
      const perform = caller === undefined ? undefined : lines.get(caller)?.[0]
      if (caller === undefined || perform === undefined) return
      running += 1
      void run(caller, perform)
    }
  }

  async function run(caller: string, perform: () => Promise<void>): Promise<void> {
    const began = performance.now()
    await perform()
    running -= 1
    next()
    const restMs = Math.min((performance.now() - began) * restTimes, REST_MAX_MS)
    if (restMs > 0) await rest(restMs)
    const line = lines.get(caller) ?? []
    line.shift()
    // A caller with more work goes behind all others.
    if (line.length > 0) waiting.push(caller)
    else lines.delete(caller)
    next()
  }

  return (caller, work) =>
    new Promise((resolve, reject) => {
      const line = lines.get(caller) ?? []
      if (line.length >= perCaller) return resolve('too_many')
      line.push(() => work().then(resolve, reject))
      lines.set(caller, line)
      if (line.length === 1) waiting.push(caller)
      return next()
    })
}
