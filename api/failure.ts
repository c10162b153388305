import type { ErrorHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { isDatabaseUnavailable } from '../adapters/database/errors.ts'
import type { Logger } from '../adapters/telemetry/logger.ts'
import { classifyStripeError } from '../adapters/stripe/sdk/errors.ts'
import type { ApiEnvironment } from './environment.ts'
import { problem, type ProblemCode } from './problem.ts'

type Failure = { readonly code: ProblemCode; readonly detail: string }

/** What whoever asked is told of something that broke; it is logged under the id of the request. */
export function failureOf(error: Error, logger: Logger, requestId: string): Failure {
  if (error instanceof HTTPException && error.status === 400)
    return { code: 'malformed_json', detail: 'The body is no valid JSON.' }
  if (isDatabaseUnavailable(error)) {
    logger.warn({ err: error, requestId }, 'the database is away')
    return {
      code: 'database_unavailable',
      detail: 'Nothing was done. Repeat the request in a moment.',
    }
  }
  const atStripe = classifyStripeError(error)
  if (atStripe?.kind === 'again') {
    logger.warn({ err: error, requestId }, 'Stripe is away')
    return { code: 'payment_provider_unavailable', detail: 'Nothing was done. Repeat the request.' }
  }
  if (atStripe?.kind === 'rejected')
    return { code: 'payment_provider_rejected', detail: atStripe.detail }
  logger.error({ err: error, requestId }, 'a request failed')
  return { code: 'internal_error', detail: 'The failure is logged under this request id.' }
}

/** Answers what nobody expected, for all of the API. */
export const answerFailure =
  (logger: Logger): ErrorHandler<ApiEnvironment> =>
  (error, c) => {
    const { code, detail } = failureOf(error, logger, c.get('requestId'))
    return problem(c, code, detail)
  }
