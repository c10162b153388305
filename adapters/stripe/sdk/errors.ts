import Stripe from 'stripe'

/**
 * The kinds of errors from Stripe, by the right reaction.
 * `missing`: the object does not exist. `declined`: the card was refused. `rejected`: this request can never succeed.
 * `again`: send it again with the same key.
 */
export type StripeFailure =
  | { readonly kind: 'missing' }
  | { readonly kind: 'declined'; readonly code: string }
  | { readonly kind: 'rejected'; readonly code: string; readonly detail: string }
  | { readonly kind: 'again'; readonly afterMs: number | undefined; readonly detail: string }

/** Longer than any wait that Stripe requests. A larger `Retry-After` comes from a faulty proxy. */
const RETRY_AFTER_MAX_MS = 60_000

/**
 * Sorts an error by what the caller can do about it.
 *
 * @returns undefined for an error that does not come from Stripe: a bug in our code
 * @see https://docs.stripe.com/error-handling
 */
export function classifyStripeError(error: unknown): StripeFailure | undefined {
  if (!(error instanceof Stripe.errors.StripeError)) return undefined
  const detail = error.message
  const code = error.code ?? error.type
  if (error instanceof Stripe.errors.StripeCardError) return { kind: 'declined', code }
  // The SDK uses one class for a 400 and a 404. Only the code distinguishes them.
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

/**
 * Whether Stripe sells this price no more: it, or its product, was archived. Stripe has no code for it.
 *
 * @see https://docs.stripe.com/products-prices/manage-prices#archive-price
 */
export const isPriceRefused = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeInvalidRequestError &&
  (/\b(price|product)\b.*\b(inactive|not active)\b/i.test(error.message) ||
    (error.code === 'resource_missing' && /price\]?$/.test(error.param ?? '')))

/** Whether Stripe refuses the discount of a request: its code or coupon is used up, expired, deleted, or for others. */
export const isDiscountRefused = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeInvalidRequestError &&
  (error.code === 'coupon_expired' || /^discounts\b|promotion_code|coupon/.test(error.param ?? ''))

/** Whether Stripe has no invoice to preview. */
export const isNothingToInvoice = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'invoice_upcoming_none'

/**
 * Reads an object that may not exist.
 *
 * @returns undefined when Stripe does not have it
 * @throws every other error of the request
 */
export async function findAtStripe<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    if (classifyStripeError(error)?.kind === 'missing') return undefined
    throw error
  }
}

/** @returns the wait in a `Retry-After` header, at most a minute; undefined without a usable one */
export function retryAfterMs(headers: Record<string, unknown> | undefined): number | undefined {
  const seconds = Number(headers?.['retry-after'])
  return Number.isFinite(seconds) && seconds > 0
    ? Math.min(seconds * 1_000, RETRY_AFTER_MAX_MS)
    : undefined
}

/**
 * Whether Stripe repeats an earlier 500 that it saved under the idempotency key. Each retry with this key gets the same
 * answer for a day. @see https://docs.stripe.com/api/idempotent_requests
 */
export const isSavedFailure = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeError &&
  (error.statusCode ?? 0) >= 500 &&
  error.headers?.['idempotent-replayed'] === 'true'
