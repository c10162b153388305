/** Runs something at most once in `everyMs`, by the machine's steady clock. Calls in between are dropped. */
export function throttle<Given extends readonly unknown[]>(
  everyMs: number,
  run: (...given: Given) => void,
): (...given: Given) => void {
  let nextAt = -Infinity
  return (...given) => {
    const now = performance.now()
    if (now < nextAt) return
    nextAt = now + everyMs
    run(...given)
  }
}
