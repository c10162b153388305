import type { Fault } from '../knobs/faults.ts'
import { Refusal } from './refusal.ts'

/** The error response of a fault. */
export function faultRefusal({ status }: Fault): Refusal {
  if (status === 429) {
    return new Refusal({
      status,
      type: 'invalid_request_error',
      code: 'rate_limit',
      message:
        'Request rate limit exceeded. Learn more about rate limits at https://docs.stripe.com/rate-limits.',
    })
  }
  if (status === 409) {
    return new Refusal({
      status,
      type: 'invalid_request_error',
      code: 'lock_timeout',
      message:
        'This object cannot be accessed right now because another API request is currently accessing it.',
    })
  }
  return new Refusal({ status, type: 'api_error', message: 'An unknown error occurred.' })
}

/** The status and the body of a fault, in the shape of Stripe's errors. @see https://docs.stripe.com/error-handling */
export function faultAnswer(fault: Fault): { readonly status: number; readonly body: object } {
  return { status: fault.status, body: faultRefusal(fault).body }
}

/**
 * The headers that come with a fault: the reason of a limit, `Retry-After` in seconds, and the advice to retry.
 * @see https://docs.stripe.com/rate-limits
 */
export function faultHeaders(fault: Fault | undefined): Record<string, string> {
  if (fault?.kind !== 'answer') return {}
  return {
    ...(fault.status === 429 && { 'stripe-rate-limited-reason': 'global-rate' }),
    ...(fault.retryAfter !== undefined && { 'retry-after': String(fault.retryAfter) }),
    ...(fault.shouldRetry !== undefined && { 'stripe-should-retry': String(fault.shouldRetry) }),
  }
}
