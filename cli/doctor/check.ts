import { withTimeout } from '../../adapters/time/timeout.ts'
import { classifyStripeError } from '../../adapters/stripe/sdk/errors.ts'

/** What one look at a part of the service found; `fix` is what mends it. */
export type Finding = {
  readonly part: string
  readonly state: 'ok' | 'wrong' | 'unreachable'
  readonly detail: string
  readonly fix: string | null
}

export type Check = {
  readonly part: string
  /** What is to be done when it cannot be reached. */
  readonly fix: string
  /** Answers what is there, or what is wrong with it. @throws when it cannot be reached. */
  readonly look: () => Promise<string | { readonly wrong: string; readonly fix: string }>
}

/** A part that is there answers much sooner. */
const LOOK_MAX_MS = 5_000

export async function take({ part, fix, look }: Check): Promise<Finding> {
  try {
    const found = await withTimeout(LOOK_MAX_MS, look)
    return typeof found === 'string'
      ? { part, state: 'ok', detail: found, fix: null }
      : { part, state: 'wrong', detail: found.wrong, fix: found.fix }
  } catch (error) {
    const isRejected = classifyStripeError(error)?.kind === 'rejected'
    return { part, state: isRejected ? 'wrong' : 'unreachable', detail: wordsOf(error), fix }
  }
}

/** An address that answers on neither of its two protocols says so twice, and not by itself. */
function wordsOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(wordsOf).join('; ')
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause instanceof Error ? `: ${wordsOf(error.cause)}` : ''
  return `${error.message}${cause}`
}
