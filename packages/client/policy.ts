import { isUnreachable, UnreachableError, type CallIdentity } from './errors.ts'

/** Usage while the service is unreachable: `closed` throws, `open` allows it. */
export type WhenUnreachable = 'closed' | 'open'

/** While the service is away, one call in this time tries it; the others are decided immediately. */
const PROBE_EVERY_MS = 1_000

/** See `createPolicy`. */
export type Policy = ReturnType<typeof createPolicy>

/** Remembers whether the service was away, so that the application's requests do not all wait for a timeout. */
export function createPolicy(now: () => number = () => performance.now()) {
  const state: { away?: { readonly cause: unknown; probeAt: number } } = {}

  /** @throws while the service is away and it is not time to try again. */
  function requireProbe(request: CallIdentity) {
    const { away } = state
    if (away === undefined) return
    if (now() < away.probeAt)
      throw new UnreachableError('the service was away a moment ago', request, 0, away.cause)
    away.probeAt = now() + PROBE_EVERY_MS
  }

  return {
    /**
     * Returns the service's decision, or that of `byPolicy` when the service is unreachable and the policy is open.
     *
     * @throws the error of `ask` when the policy is closed, or when `byPolicy` returns undefined.
     */
    async decide<T, U>(
      request: CallIdentity & { readonly whenUnreachable: WhenUnreachable },
      ask: () => Promise<T>,
      byPolicy: () => U | undefined,
    ): Promise<T | U> {
      const isOpen = request.whenUnreachable === 'open'
      try {
        if (isOpen) requireProbe(request)
        const answer = await ask()
        delete state.away
        return answer
      } catch (error) {
        if (!isUnreachable(error)) throw error
        const wasTried = !(error instanceof UnreachableError) || error.attempts > 0
        if (wasTried) state.away = { cause: error, probeAt: now() + PROBE_EVERY_MS }
        const answer = isOpen ? byPolicy() : undefined
        if (answer === undefined) throw error
        return answer
      }
    },
  }
}
