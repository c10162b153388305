/** Runs work within a caller's share, after the caller's earlier work. */
export type Shares = <T>(caller: string, work: () => Promise<T>) => Promise<T | 'too_many'>

/** The bounds of `createShares`. Both are at least 1. */
export type ShareLimits = {
  /** Pieces of work of all callers that run at once. */
  readonly together: number
  /** Pieces of work of one caller that run or wait. */
  readonly perCaller: number
}

/**
 * Divides a scarce resource among callers. One piece of work of each caller runs at a time, so that many of one caller wait for each
 * other and not for those of others.
 *
 * @returns `too_many` for work above the caller's limit, which is not run.
 */
export function createShares({ together, perCaller }: ShareLimits): Shares {
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
      void perform().finally(() => {
        running -= 1
        const line = lines.get(caller) ?? []
        line.shift()
        // A caller with more work goes behind all others.
        if (line.length > 0) waiting.push(caller)
        else lines.delete(caller)
        next()
      })
    }
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
