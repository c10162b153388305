/** The work did not end in time. Its outcome is unknown. */
export class TimeoutError extends Error {
  constructor(timeoutMs: number) {
    super(`no answer in ${timeoutMs / 1_000} s`)
  }
}

/**
 * Runs `ask` and stops waiting after `timeoutMs`. The work that `ask` started may still complete.
 *
 * @throws TimeoutError
 */
export async function withTimeout<T>(timeoutMs: number, ask: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimeoutError(timeoutMs)), timeoutMs)
  })
  try {
    return await Promise.race([ask(), timeout])
  } finally {
    clearTimeout(timer)
  }
}
