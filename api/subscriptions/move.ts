import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { subscriptionId } from '../../domain/ids.ts'
import type { Subscription } from '../../domain/subscription.ts'
import type { MoveAnswer, MoveRefusal } from '../../workflows/contract.ts'
import type { Asked } from '../../adapters/temporal/subscriptions.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { newIdempotencyKey, once, render, type Answer } from '../idempotency.ts'
import { problem, problemBody, problemResponses, type ProblemCode } from '../problem.ts'
import { refusalOf } from './refusal.ts'
import { subscriptionSchema, viewOfSubscription } from './view.ts'

export const moveParameters = z.object({ id: z.uuid().describe('The id of a subscription.') })

/** Every move answers with the subscription as it is then. */
export const moveResponses = {
  200: {
    description: 'The subscription as it is now.',
    content: { 'application/json': { schema: subscriptionSchema } },
  },
  ...problemResponses(
    'malformed_json',
    'user_missing',
    'unauthenticated',
    'forbidden',
    'subscription_not_found',
    'subscription_over',
    'move_not_allowed',
    'nothing_to_withdraw',
    'checkout_already_paid',
    'invalid_request',
    'idempotency_key_reused',
    'payment_provider_rejected',
    'workflow_unavailable',
    'database_unavailable',
  ),
}

export type Refusal = { readonly code: ProblemCode; readonly detail: string }

export type MoveCall = {
  readonly id: string
  readonly userId: string
  /** The caller's idempotency key, if there is one. */
  readonly key: string | undefined
  /** What the key stands for, beside the subscription. */
  readonly request: { readonly operation: string } & Record<string, unknown>
  /** Asks the workflow; `own` is the subscription as the caller last could have seen it. */
  readonly ask: (own: Subscription, commandId: string) => Promise<Asked<MoveAnswer> | Refusal>
}

/** Asks the subscription's workflow for a move, once per key, and answers the request. */
export async function answerMove(
  c: Context<ApiEnvironment>,
  { repositories, clock }: ApiDependencies,
  { id, userId, ask, request, ...call }: MoveCall,
) {
  const key = call.key ?? newIdempotencyKey()
  const refuse = ({ code, detail }: Refusal): Answer => {
    const body = problemBody(code, detail, c.get('requestId'))
    return { status: body.status, body }
  }
  const answer = await once(
    {
      idempotency: repositories.idempotency,
      caller: `user/${userId}`,
      key,
      request: { ...request, id },
      at: clock.now(),
    },
    async () => {
      const own = await repositories.subscriptions.find(subscriptionId(id.toLowerCase()))
      if (own?.userId !== userId)
        return refuse({
          code: 'subscription_not_found',
          detail: 'The user has no such subscription.',
        })
      const asked = await ask(own, key)
      if ('code' in asked && !('kind' in asked)) return refuse(asked)
      if (asked.kind !== 'answered') return refuse(refusalOf(asked))
      if (asked.answer.kind === 'refused')
        return refuse({ code: asked.answer.code, detail: DETAILS[asked.answer.code] })
      const after = (await repositories.subscriptions.find(own.id)) ?? own
      return { status: 200, body: await viewOfSubscription(after, repositories.plans, clock.now()) }
    },
  )
  return answer.kind === 'reused'
    ? problem(
        c,
        'idempotency_key_reused',
        'This Idempotency-Key came with another request before. Use a new key for a new request.',
      )
    : render(answer)
}

const DETAILS: Record<MoveRefusal, string> = {
  checkout_already_paid:
    'The page that was open has just been paid. GET /subscriptions/current shows it.',
  nothing_to_withdraw: 'Nothing of this kind is scheduled for this subscription.',
}
