import Stripe from 'stripe'

/**
 * What an error of Stripe's means for us.
 * `missing`: there is no such object. `rejected`: it can never succeed as asked. `again`: ask again with the same key.
 */
export type StripeFailure =
  | { readonly kind: 'missing' }
  | { readonly kind: 'declined'; readonly code: string }
  | { readonly kind: 'rejected'; readonly code: string; readonly detail: string }
  | { readonly kind: 'again'; readonly afterMs: number | undefined; readonly detail: string }

/** Longer than any wait that Stripe asks for; a larger `Retry-After` is a mistake of something in between. */
const RETRY_AFTER_MAX_MS = 60_000

/** Undefined for an error that is none of Stripe's: a bug of ours. */
export function classifyStripeError(error: unknown): StripeFailure | undefined {
  if (!(error instanceof Stripe.errors.StripeError)) return undefined
  const detail = error.message
  const code = error.code ?? error.type
  if (error instanceof Stripe.errors.StripeCardError) return { kind: 'declined', code }
  // A 404 is an invalid request too: its code tells, its class does not.
  if (error.code === 'resource_missing') return { kind: 'missing' }
  if (
    error instanceof Stripe.errors.StripeRateLimitError ||
    error instanceof Stripe.errors.StripeConnectionError ||
    error instanceof Stripe.errors.StripeAPIError ||
    error.statusCode === 409
  )
    return { kind: 'again', afterMs: retryAfterMs(error.headers), detail }
  return { kind: 'rejected', code, detail }
}

/** What a `Retry-After` says, within reason. */
export function retryAfterMs(headers: Record<string, unknown> | undefined): number | undefined {
  const seconds = Number(headers?.['retry-after'])
  return Number.isFinite(seconds) && seconds > 0
    ? Math.min(seconds * 1_000, RETRY_AFTER_MAX_MS)
    : undefined
}

/** Whether this is a failure of its own (a 500) that Stripe remembers under the request's key: for a day each retry meets it. */
export const isRememberedFailure = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeError &&
  (error.statusCode ?? 0) >= 500 &&
  error.headers?.['idempotent-replayed'] === 'true'
