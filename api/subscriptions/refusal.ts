import type { WorkflowReply } from '../../adapters/temporal/reply.ts'
import {
  COMMAND_NOT_ALLOWED,
  REQUEST_INVALID,
  STEP_UNCONFIRMED,
  SUBSCRIPTION_OVER,
} from '../../workflows/contract.ts'
import type { ProblemCode } from '../problem.ts'

type Unanswered = Exclude<WorkflowReply<never>, { kind: 'answered' }>

/** The detail of the problem `subscription_over`. */
export const SUBSCRIPTION_ENDED = 'An ended subscription accepts no further commands.'

/** Whether the subscription has ended, so that its workflow accepts no commands. */
export const isOver = (reply: WorkflowReply<unknown>): boolean =>
  reply.kind === 'closed' || (reply.kind === 'rejected' && reply.code === SUBSCRIPTION_OVER)

/** The problem for a workflow's reply without an answer. */
export function refusalOf(reply: Unanswered): { code: ProblemCode; detail: string } {
  if (reply.kind === 'unavailable')
    return {
      code: 'workflow_unavailable',
      detail:
        'The request was not finished in time: no worker runs, or Stripe does not answer it. It may still be carried out. Repeat it with the same Idempotency-Key to get its result.',
    }
  if (reply.kind === 'closed' || reply.code === SUBSCRIPTION_OVER)
    return { code: 'subscription_over', detail: SUBSCRIPTION_ENDED }
  if (reply.code === COMMAND_NOT_ALLOWED) return { code: 'move_not_allowed', detail: reply.detail }
  if (reply.code === REQUEST_INVALID) return { code: 'invalid_request', detail: reply.detail }
  if (reply.code === STEP_UNCONFIRMED)
    return {
      code: 'payment_provider_unconfirmed',
      detail:
        'The payment provider did not answer for too long. It may still have carried the request out: read the subscription, then repeat the request with another Idempotency-Key.',
    }
  return { code: 'payment_provider_rejected', detail: reply.detail }
}
