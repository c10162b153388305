/** Does something at most once in `everyMs`, by the machine's steady clock; what comes in between is left out. */
export function nowAndThen<Given extends readonly unknown[]>(
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
