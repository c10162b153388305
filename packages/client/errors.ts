import type { Problem } from './generated/types.ts'

/** Identifies the call that failed. */
export type CallIdentity = {
  /** `METHOD /path` */
  readonly operation: string
  /** The idempotency key of the call; null for reads. */
  readonly idempotencyKey: string | null
}

/** The service refused the call; the error says why. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly operation: string
  readonly idempotencyKey: string | null
  readonly status: number
  /** Stable: programs may depend on it. */
  readonly code: string
  /** The mistakes in the request, field by field. */
  readonly errors: readonly { readonly field: string; readonly detail: string }[]
  /** The id under which the service logs the request. */
  readonly requestId: string
  /** The subscription that the problem is about; null where there is none. */
  readonly subscriptionId: string | null

  constructor(problem: Problem, { operation, idempotencyKey }: CallIdentity) {
    super(`${operation}: ${problem.title}. ${problem.detail} (${problem.code})`)
    this.operation = operation
    this.idempotencyKey = idempotencyKey
    this.status = problem.status
    this.code = problem.code
    this.errors = problem.errors ?? []
    this.requestId = problem.request_id
    this.subscriptionId = problem.subscription_id ?? null
  }
}

/**
 * The service gave no answer in time, so the outcome is unknown. Repeat the call under `idempotencyKey` to learn it;
 * nothing is done twice.
 */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError'
  readonly operation: string
  readonly idempotencyKey: string | null
  /** The number of attempts; 0 when the client did not try because the service was away a moment ago. */
  readonly attempts: number

  constructor(
    why: string,
    { operation, idempotencyKey }: CallIdentity,
    attempts: number,
    cause?: unknown,
  ) {
    super(`${operation}: ${why}`, { cause })
    this.operation = operation
    this.idempotencyKey = idempotencyKey
    this.attempts = attempts
  }
}

/** True when the service could not be reached, or answered 503. */
export const isUnreachable = (error: unknown): boolean =>
  error instanceof UnreachableError || (error instanceof ProblemError && error.status === 503)
