const DAY_MS = 86_400_000

/** Runs at most once in a day by the clock; what fails is tried again in the next round. Answers how much was done. */
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
