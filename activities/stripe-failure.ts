import { ApplicationFailure } from '@temporalio/activity'
import { classifyStripeError } from '../adapters/stripe/sdk/errors.ts'

/**
 * Runs a step that speaks with Stripe and gives Temporal Stripe's errors in its own terms: one that can never succeed
 * is not retried, one that may is retried when Stripe says so.
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
      type: 'StripeRejectedRequest',
      message: error.message,
      nonRetryable: true,
      cause: error,
    })
  }
}
