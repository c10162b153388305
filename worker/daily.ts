const DAY_MS = 86_400_000

/** Runs at most once in 24 hours; a failed run is retried in the next round. @returns how many items were processed. */
export function daily(now: () => Date, run: (at: Date) => Promise<number>): () => Promise<number> {
  let last = -Infinity
  return async () => {
    const at = now()
    if (Math.abs(at.getTime() - last) < DAY_MS) return 0
    const count = await run(at)
    last = at.getTime()
    return count
  }
}
