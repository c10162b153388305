import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import type { Asked } from '../../adapters/temporal/subscriptions.ts'
import { subscriptionId } from '../../domain/ids.ts'
import type { MoveAnswer } from '../../workflows/contract.ts'
import { userOf } from '../auth/user.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { idempotencyHeader, newIdempotencyKey, once, render, type Answer } from '../idempotency.ts'
import { problem, problemBody, problemResponses, type ProblemCode } from '../problem.ts'
import { validationHook } from '../validation.ts'
import { refusalOf } from './refusal.ts'
import { subscriptionSchema, viewOfSubscription } from './view.ts'

const requestSchema = z
  .strictObject({
    when: z
      .union([z.enum(['now', 'period_end']), z.iso.datetime()])
      .describe('`now`, `period_end`, or an instant in the future.'),
  })
  .openapi('CancellationRequest')

const idParameter = z.object({ id: z.uuid().describe('The id of a subscription.') })
const responses = {
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

const cancelRoute = createRoute({
  method: 'put',
  path: '/subscriptions/{id}/cancellation',
  tags: ['Subscriptions'],
  summary: 'Cancel now, at the end of the period, or on a day',
  description: 'A later request takes the place of an earlier one. Access goes on until the end.',
  request: {
    headers: idempotencyHeader,
    params: idParameter,
    body: { required: true, content: { 'application/json': { schema: requestSchema } } },
  },
  responses,
})

const withdrawRoute = createRoute({
  method: 'delete',
  path: '/subscriptions/{id}/cancellation',
  tags: ['Subscriptions'],
  summary: 'Withdraw a scheduled cancellation',
  request: { headers: idempotencyHeader, params: idParameter },
  responses,
})

type Move = {
  readonly id: string
  readonly userId: string
  readonly key: string
  readonly requestId: string
  /** What the key stands for, beside the subscription. */
  readonly request: unknown
  readonly ask: (commandId: string) => Promise<Asked<MoveAnswer>>
}

export const changeCancellation = (dependencies: ApiDependencies) => {
  const { workflows, clock } = dependencies
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(cancelRoute, async (c) => {
      const user = userOf(c)
      if (user.kind === 'refused') return user.answer
      const { id } = c.req.valid('param')
      const { when } = c.req.valid('json')
      if (when !== 'now' && when !== 'period_end' && new Date(when) <= clock.now())
        return problem(
          c,
          'invalid_request',
          '`when` lies in the past; use `now` to cancel at once.',
          {
            errors: [{ field: 'when', detail: 'not in the future' }],
          },
        )
      const answer = await move(dependencies, {
        id,
        userId: user.userId,
        key: c.req.valid('header')['idempotency-key'] ?? newIdempotencyKey(),
        requestId: c.get('requestId'),
        request: { operation: 'cancel', id, when },
        ask: (commandId) => workflows.cancel({ subscriptionId: id, commandId }, { when }),
      })
      return answer.kind === 'reused'
        ? problem(c, 'idempotency_key_reused', KEY_REUSED)
        : render(answer)
    })
    .openapi(withdrawRoute, async (c) => {
      const user = userOf(c)
      if (user.kind === 'refused') return user.answer
      const { id } = c.req.valid('param')
      const answer = await move(dependencies, {
        id,
        userId: user.userId,
        key: c.req.valid('header')['idempotency-key'] ?? newIdempotencyKey(),
        requestId: c.get('requestId'),
        request: { operation: 'withdraw-cancellation', id },
        ask: (commandId) => workflows.withdrawCancellation({ subscriptionId: id, commandId }),
      })
      return answer.kind === 'reused'
        ? problem(c, 'idempotency_key_reused', KEY_REUSED)
        : render(answer)
    })
}

const KEY_REUSED =
  'This Idempotency-Key came with another request before. Use a new key for a new request.'

/** Asks the subscription's workflow for a move, once per key. */
function move({ repositories, clock }: ApiDependencies, given: Move) {
  const { userId, key, request } = given
  const refuse = (code: ProblemCode, detail: string): Answer => {
    const body = problemBody(code, detail, given.requestId)
    return { status: body.status, body }
  }
  return once(
    {
      idempotency: repositories.idempotency,
      caller: `user/${userId}`,
      key,
      request,
      at: clock.now(),
    },
    async () => {
      const id = subscriptionId(given.id)
      const own = await repositories.subscriptions.find(id)
      if (own?.userId !== userId)
        return refuse('subscription_not_found', 'The user has no such subscription.')
      const asked = await given.ask(key)
      if (asked.kind !== 'answered') {
        const { code, detail } = refusalOf(asked)
        return refuse(code, detail)
      }
      if (asked.answer.kind === 'refused')
        return refuse(asked.answer.code, REFUSALS[asked.answer.code])
      const after = (await repositories.subscriptions.find(id)) ?? own
      const plan = await repositories.plans.getVersion(after.planVersionId)
      return { status: 200, body: viewOfSubscription(after, plan, clock.now()) }
    },
  )
}

const REFUSALS = {
  checkout_already_paid:
    'The page that was open has just been paid. GET /subscriptions/current shows it.',
  nothing_to_withdraw: 'No cancellation of this subscription is scheduled.',
} as const
