import type { WorkflowReply } from '../../adapters/temporal/reply.ts'
import {
  COMMAND_NOT_ALLOWED,
  REQUEST_INVALID,
  SUBSCRIPTION_OVER,
} from '../../workflows/contract.ts'
import type { ProblemCode } from '../problem.ts'

type Unanswered = Exclude<WorkflowReply<never>, { kind: 'answered' }>

/** Nobody lives there any more. */
export const isOver = (asked: WorkflowReply<unknown>): boolean =>
  asked.kind === 'closed' || (asked.kind === 'rejected' && asked.code === SUBSCRIPTION_OVER)

/** What a workflow that did not answer means to a caller. */
export function refusalOf(asked: Unanswered): { code: ProblemCode; detail: string } {
  if (asked.kind === 'unavailable')
    return {
      code: 'workflow_unavailable',
      detail:
        'No worker took the request in time. Repeat it with the same Idempotency-Key to get its result.',
    }
  if (asked.kind === 'closed' || asked.code === SUBSCRIPTION_OVER)
    return {
      code: 'subscription_over',
      detail: 'The subscription is over, and nothing can be changed any more.',
    }
  if (asked.code === COMMAND_NOT_ALLOWED) return { code: 'move_not_allowed', detail: asked.detail }
  if (asked.code === REQUEST_INVALID) return { code: 'invalid_request', detail: asked.detail }
  return { code: 'payment_provider_rejected', detail: asked.detail }
}
