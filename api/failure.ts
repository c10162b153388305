import type { ErrorHandler } from 'hono'
import { isDatabaseUnavailable } from '../adapters/failures/database.ts'
import type { Logger } from '../adapters/telemetry/logger.ts'
import { classifyStripeError } from '../adapters/stripe/sdk/errors.ts'
import type { ApiEnvironment } from './environment.ts'
import { problem, type ProblemCode } from './problem.ts'
import { RequestError } from './request-error.ts'

type Failure = { readonly code: ProblemCode; readonly detail: string }

/** Logs an unexpected error under the id of its request, and returns the problem that the caller may see. */
export function failureOf(error: Error, logger: Logger, requestId: string): Failure {
  if (error instanceof RequestError) return { code: error.code, detail: error.message }
  if (isDatabaseUnavailable(error)) {
    logger.warn({ err: error, requestId }, 'the database is unavailable')
    return {
      code: 'database_unavailable',
      detail:
        'The request may have been carried out. Repeat it in a moment, with the same Idempotency-Key.',
    }
  }
  const atStripe = classifyStripeError(error)
  if (atStripe?.kind === 'again') {
    logger.warn({ err: error, requestId }, 'Stripe is unavailable')
    return {
      code: 'payment_provider_unavailable',
      detail:
        'The request may have been carried out. Repeat it in a moment, with the same Idempotency-Key.',
    }
  }
  if (atStripe?.kind === 'rejected')
    return { code: 'payment_provider_rejected', detail: atStripe.detail }
  logger.error({ err: error, requestId }, 'a request failed')
  return { code: 'internal_error', detail: 'The error is logged under this request id.' }
}

/** Answers every error that no route has handled. */
export const answerFailure =
  (logger: Logger): ErrorHandler<ApiEnvironment> =>
  (error, c) => {
    const { code, detail } = failureOf(error, logger, c.get('requestId'))
    return problem(c, code, detail)
  }
