import { ApplicationFailure } from '@temporalio/activity'
import { classifyStripeError, isDiscountRefused } from '../adapters/stripe/sdk/errors.ts'
import { DISCOUNT_REFUSED } from '../workflows/contract.ts'

/**
 * Runs requests to Stripe and translates Stripe's errors for Temporal: a request that can never succeed is not retried,
 * others are retried after Stripe's `Retry-After`.
 *
 * @throws ApplicationFailure `StripeUnavailable` (retried), `StripeRejectedRequest` or `discount_refused` (not retried).
 */
export async function askStripe<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    const failure = classifyStripeError(error)
    if (failure === undefined || !(error instanceof Error)) throw error
    if (failure.kind === 'again')
      throw ApplicationFailure.create({
        type: 'StripeUnavailable',
        message: failure.detail,
        cause: error,
        ...(failure.afterMs !== undefined && { nextRetryDelay: failure.afterMs }),
      })
    throw ApplicationFailure.create({
      type: isDiscountRefused(error) ? DISCOUNT_REFUSED : 'StripeRejectedRequest',
      message: error.message,
      nonRetryable: true,
      cause: error,
    })
  }
}
