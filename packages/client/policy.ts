import { isUnreachable, UnreachableError, type AskedCall } from './errors.ts'

/** What becomes of usage while the service cannot be reached: `closed` refuses by an error, `open` allows. */
export type WhenUnreachable = 'closed' | 'open'

/** While the service is away one call in this time waits for it; the others are decided at once. */
const PROBE_EVERY_MS = 1_000

export type Policy = ReturnType<typeof createPolicy>

/** Knows whether the service was last seen away, so that not each request of an application waits for it in vain. */
export function createPolicy(now: () => number = () => performance.now()) {
  const state: { away?: { readonly cause: unknown; probeAt: number } } = {}

  /** @throws while the service is away and it is not time to try again. */
  function insistOnTrying(asked: AskedCall) {
    const { away } = state
    if (away === undefined) return
    if (now() < away.probeAt)
      throw new UnreachableError('the service was away a moment ago', asked, 0, away.cause)
    away.probeAt = now() + PROBE_EVERY_MS
  }

  return {
    /**
     * What the service says; or what `openly` says, where the service cannot be reached and the policy is open.
     *
     * @throws what `ask` throws, for a policy that is closed, and where `openly` has no answer.
     */
    async decide<T, U>(
      asked: AskedCall & { readonly whenUnreachable: WhenUnreachable },
      ask: () => Promise<T>,
      openly: () => U | undefined,
    ): Promise<T | U> {
      const isOpen = asked.whenUnreachable === 'open'
      try {
        if (isOpen) insistOnTrying(asked)
        const answer = await ask()
        delete state.away
        return answer
      } catch (error) {
        if (!isUnreachable(error)) throw error
        const wasTried = !(error instanceof UnreachableError) || error.attempts > 0
        if (wasTried) state.away = { cause: error, probeAt: now() + PROBE_EVERY_MS }
        const answer = isOpen ? openly() : undefined
        if (answer === undefined) throw error
        return answer
      }
    },
  }
}
