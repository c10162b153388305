import { isDatabaseUnavailable } from '../adapters/database/errors.ts'
import { classifyStripeError } from '../adapters/stripe/sdk/errors.ts'

/** A failure of the database or of Stripe. `unavailable`: the same request may succeed a little later. */
export type Failure =
  | { readonly part: 'database'; readonly kind: 'unavailable' }
  | { readonly part: 'stripe'; readonly kind: 'unavailable' }
  /** Stripe will never accept this request. `detail` may be shown to the caller. */
  | { readonly part: 'stripe'; readonly kind: 'rejected'; readonly detail: string }

/** @returns the part that failed, or undefined for any other error, such as a bug. */
export function classifyFailure(error: unknown): Failure | undefined {
  if (isDatabaseUnavailable(error)) return { part: 'database', kind: 'unavailable' }
  const atStripe = classifyStripeError(error)
  if (atStripe?.kind === 'again') return { part: 'stripe', kind: 'unavailable' }
  return atStripe?.kind === 'rejected'
    ? { part: 'stripe', kind: 'rejected', detail: atStripe.detail }
    : undefined
}
