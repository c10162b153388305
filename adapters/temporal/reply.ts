import { status } from '@grpc/grpc-js'
import {
  isGrpcServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client'
import { ApplicationFailure } from '@temporalio/common'
import { TimeoutError, withTimeout } from '../time/timeout.ts'
import { ANSWER_TIMEOUT_MS } from './connection.ts'

/** A workflow's reply to a request, as a value. The caller decides what each kind means over HTTP. */
export type WorkflowReply<T> =
  | { readonly kind: 'answered'; readonly answer: T }
  /** The workflow's validator or an activity refused; `code` is the failure's type. */
  | { readonly kind: 'rejected'; readonly code: string; readonly detail: string }
  /** The workflow does not exist or has ended. */
  | { readonly kind: 'closed' }
  /** No worker or no cluster answered in time. The request may still be carried out. */
  | { readonly kind: 'unavailable' }

/** Stops waiting after `ANSWER_TIMEOUT_MS`, however many calls `ask` makes. `promptClient` also limits each single call. */
export const inTime = <T>(ask: () => Promise<T>): Promise<T> => withTimeout(ANSWER_TIMEOUT_MS, ask)

/** Turns the outcome of a request into a reply. @throws errors that do not come from Temporal */
export async function replyTo<T>(ask: () => Promise<T>): Promise<WorkflowReply<T>> {
  try {
    return { kind: 'answered', answer: await ask() }
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure) {
      if (error.cause.type === ENDED_MEANWHILE) return { kind: 'closed' }
      return { kind: 'rejected', code: error.cause.type ?? 'rejected', detail: error.cause.message }
    }
    if (error instanceof WorkflowNotFoundError) return { kind: 'closed' }
    if (isUnavailable(error) || (error instanceof Error && isUnavailable(error.cause)))
      return { kind: 'unavailable' }
    throw error
  }
}

/** The server's failure type for an update whose workflow ended before it replied. */
const ENDED_MEANWHILE = 'AcceptedUpdateCompletedWorkflow'

/** The gRPC codes for a request that may succeed later. */
const UNAVAILABLE_CODES = [
  status.CANCELLED,
  status.DEADLINE_EXCEEDED,
  // A query while no worker polls the task queue, or right after a workflow has continued as new.
  status.FAILED_PRECONDITION,
  status.RESOURCE_EXHAUSTED,
  status.UNAVAILABLE,
]

const isUnavailable = (error: unknown): boolean =>
  error instanceof TimeoutError ||
  error instanceof WorkflowUpdateRPCTimeoutOrCancelledError ||
  (isGrpcServiceError(error) && UNAVAILABLE_CODES.includes(error.code))
