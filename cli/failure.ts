import { ServiceError } from '@temporalio/client'
import { isDatabaseUnavailable } from '../adapters/failures/database.ts'
import { EnvironmentError } from '../assembly/environment.ts'
import { classifyStripeError } from '../adapters/stripe/sdk/errors.ts'
import { EXIT, RefusedError, UsageError, type ExitCode } from './exit.ts'

/** The exit code for an error. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof RefusedError) return EXIT.wrong
  if (error instanceof UsageError || error instanceof EnvironmentError) return EXIT.usage
  return isUnreachable(error) ? EXIT.unreachable : EXIT.broken
}

/** gRPC's messages for a server that is unreachable or does not answer. */
const AWAY = /UNAVAILABLE|DEADLINE_EXCEEDED|[Ff]ailed to connect|Unexpected error while making gRPC/

const isUnreachable = (error: unknown): boolean =>
  isDatabaseUnavailable(error) ||
  classifyStripeError(error)?.kind === 'again' ||
  (error instanceof Error &&
    ((error instanceof ServiceError && AWAY.test(`${error.message} ${String(error.cause)}`)) ||
      AWAY.test(error.message) ||
      isUnreachable(error.cause)))

/** Describes an error in one line. If every address of a host refused the connection, the messages are nested. */
export function wordsOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '')
    return error.errors.map(wordsOf).join('; ')
  if (!(error instanceof Error)) return String(error)
  return error.message === '' ? error.name : error.message
}
