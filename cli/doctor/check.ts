import { withTimeout } from '../../adapters/time/timeout.ts'
import { classifyStripeError } from '../../adapters/stripe/sdk/errors.ts'

/** The result of one check of a part; `fix` says how to repair it. */
export type Finding = {
  readonly part: string
  readonly state: 'ok' | 'wrong' | 'unreachable'
  readonly detail: string
  readonly fix: string | null
}

/** One check of `doctor`: a part, and the way to look at it. */
export type Check = {
  readonly part: string
  /** How to fix the part if it is unreachable. */
  readonly fix: string
  /** Returns a description of the part, or its problem. @throws if it cannot be reached. */
  readonly look: () => Promise<string | { readonly wrong: string; readonly fix: string }>
}

/** A healthy part answers much sooner. */
const LOOK_MAX_MS = 5_000

/**
 * Runs a check, for at most `LOOK_MAX_MS`. It never rejects: an error is a finding, and a key that Stripe rejects is
 * `wrong`.
 */
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

/** If both protocols of an address fail, Node throws an AggregateError without a message: joins the causes. */
function wordsOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(wordsOf).join('; ')
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause instanceof Error ? `: ${wordsOf(error.cause)}` : ''
  return `${error.message}${cause}`
}
