import { status } from '@grpc/grpc-js'
import {
  isGrpcServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client'
import { ApplicationFailure } from '@temporalio/common'
import { inTime as answered, NoAnswerInTimeError } from '../time/in-time.ts'
import { ANSWER_TIMEOUT_MS } from './connection.ts'

/** How a workflow answered a request, as values: the caller decides what they mean over HTTP. */
export type WorkflowReply<T> =
  | { readonly kind: 'answered'; readonly answer: T }
  /** The workflow's validator or step said no; `code` is the failure's type. */
  | { readonly kind: 'rejected'; readonly code: string; readonly detail: string }
  /** There is no such workflow, or it is closed. */
  | { readonly kind: 'closed' }
  /** No worker or no cluster in time. What was asked may still happen. */
  | { readonly kind: 'unavailable' }

/** Asks, and gives up waiting after a while. Each of the calls that asking takes has its own end: see `promptClient`. */
export const inTime = <T>(ask: () => Promise<T>): Promise<T> => answered(ANSWER_TIMEOUT_MS, ask)

/** Runs a request to a workflow and answers how it went. What is none of Temporal's is thrown. */
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

/** The server's word for an update whose workflow ended before it was answered. */
const ENDED_MEANWHILE = 'AcceptedUpdateCompletedWorkflow'

/** The codes by which gRPC says "not now", and the client's own word for a wait that took too long. */
const NOT_NOW = [
  status.CANCELLED,
  status.DEADLINE_EXCEEDED,
  status.RESOURCE_EXHAUSTED,
  status.UNAVAILABLE,
]

const isUnavailable = (error: unknown): boolean =>
  error instanceof NoAnswerInTimeError ||
  error instanceof WorkflowUpdateRPCTimeoutOrCancelledError ||
  (isGrpcServiceError(error) && NOT_NOW.includes(error.code))
