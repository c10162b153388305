import type { Problem } from './generated/types.ts'

/** Which call an error is of. */
export type AskedCall = {
  /** `METHOD /path` */
  readonly operation: string
  /** The key that the call went under; null for a call that changes nothing. */
  readonly idempotencyKey: string | null
}

/** The service answered that it did not do what was asked, and why. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly operation: string
  readonly idempotencyKey: string | null
  readonly status: number
  /** Stable: programs may depend on it. */
  readonly code: string
  /** What is wrong with the request, field by field. */
  readonly errors: readonly { readonly field: string; readonly detail: string }[]
  /** Under which the service logs it. */
  readonly requestId: string
  /** The subscription that is meant, where the problem is about one. */
  readonly subscriptionId: string | null

  constructor(problem: Problem, { operation, idempotencyKey }: AskedCall) {
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
 * No answer of the service's came in time, so it is unknown whether it did what was asked. The same call under
 * `idempotencyKey` says so, and does nothing twice.
 */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError'
  readonly operation: string
  readonly idempotencyKey: string | null
  /** How often it was asked. */
  readonly attempts: number

  constructor(
    why: string,
    { operation, idempotencyKey }: AskedCall,
    attempts: number,
    cause?: unknown,
  ) {
    super(`${operation}: ${why}`, { cause })
    this.operation = operation
    this.idempotencyKey = idempotencyKey
    this.attempts = attempts
  }
}

/** Whether the service could not be reached, or said that it cannot do anything now. */
export const isUnreachable = (error: unknown): boolean =>
  error instanceof UnreachableError || (error instanceof ProblemError && error.status === 503)
