import { ServiceError } from '@temporalio/client'
import { EnvironmentError } from '../adapters/environment.ts'
import { isDatabaseUnavailable } from '../adapters/database-errors.ts'
import { classifyStripeError } from '../adapters/stripe/errors.ts'

/** How a command ends. README.md and docs/client.md list them. */
export const EXIT = {
  ok: 0,
  /** It looked and found something wrong, or was refused. */
  wrong: 1,
  /** It was called wrongly, or its environment misses something. */
  usage: 2,
  /** A part that it needs cannot be reached. */
  unreachable: 3,
  /** It broke. */
  broken: 4,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** What was asked cannot be done, for a reason that its words say. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError'
}

/** The command was called wrongly. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** By what went wrong, how the command ends. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof RefusedError) return EXIT.wrong
  if (error instanceof UsageError || error instanceof EnvironmentError) return EXIT.usage
  return isUnreachable(error) ? EXIT.unreachable : EXIT.broken
}

/** gRPC's words for a server that is not there, or does not answer. */
const AWAY = /UNAVAILABLE|DEADLINE_EXCEEDED|[Ff]ailed to connect|Unexpected error while making gRPC/

const isUnreachable = (error: unknown): boolean =>
  isDatabaseUnavailable(error) ||
  classifyStripeError(error)?.kind === 'again' ||
  (error instanceof Error &&
    ((error instanceof ServiceError && AWAY.test(`${error.message} ${String(error.cause)}`)) ||
      AWAY.test(error.message) ||
      isUnreachable(error.cause)))
