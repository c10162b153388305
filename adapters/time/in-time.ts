export class NoAnswerInTimeError extends Error {
  constructor(timeoutMs: number) {
    super(`no answer in ${timeoutMs / 1_000} s`)
  }
}

/** Asks, and gives up waiting after so long; what was asked may still happen. @throws NoAnswerInTimeError */
export async function inTime<T>(timeoutMs: number, ask: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NoAnswerInTimeError(timeoutMs)), timeoutMs)
  })
  try {
    return await Promise.race([ask(), late])
  } finally {
    clearTimeout(timer)
  }
}
