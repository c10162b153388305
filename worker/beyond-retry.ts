import { ApplicationFailure } from '@temporalio/common'
import type { ActivityInterceptors } from '@temporalio/worker'
import { isBeyondRetry } from '../adapters/failures/beyond-retry.ts'

/** The type of the failure in Temporal. */
export const INVALID_INPUT = 'InvalidInput'

/** Fails a step at once if no retry can succeed. Otherwise the step would hold up its subscription for hours. */
export const failBeyondRetry = (): ActivityInterceptors => ({
  inbound: {
    async execute(input, next) {
      try {
        return await next(input)
      } catch (error) {
        if (!(error instanceof Error) || !isBeyondRetry(error)) throw error
        throw ApplicationFailure.create({
          type: INVALID_INPUT,
          message: error.message,
          nonRetryable: true,
          cause: error,
        })
      }
    },
  },
})
