import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { WorkflowReply } from '../../../adapters/temporal/reply.ts'
import { subscriptionId } from '../../../domain/ids.ts'
import type { Subscription } from '../../../domain/subscription/subscription.ts'
import { forceCancel, grant, type Answer as Outcome } from '../../../workflows/contract.ts'
import { operatorOf } from '../../auth/operator.ts'
import type { ApiDependencies, ApiEnvironment } from '../../environment.ts'
import {
  idempotencyHeader,
  newIdempotencyKey,
  once,
  render,
  type Answer,
} from '../../idempotency.ts'
import { notAhead } from '../../instant.ts'
import { jsonBody, jsonContent } from '../../json.ts'
import { problem, problemBody, problemResponses } from '../../problem.ts'
import { DETAILS, type Refusal } from '../../subscriptions/command.ts'
import { refusalOf } from '../../subscriptions/refusal.ts'
import { validationHook } from '../../validation.ts'
import { EXTRA_REFUSALS } from '../refusal.ts'
import { AMOUNT_MAX, expiresAtField, featureField, reasonField } from '../request.ts'
import { operatedSchema, viewForOperators } from './view.ts'

const params = z.object({ id: z.uuid() })
const PROBLEMS = [
  'malformed_json',
  'unauthenticated',
  'forbidden',
  'subscription_not_found',
  'subscription_over',
  'move_not_allowed',
  'invalid_request',
  'idempotency_key_reused',
  'workflow_unavailable',
  'database_unavailable',
] as const

const forceRoute = createRoute({
  method: 'post',
  path: '/admin/subscriptions/{id}/force-cancellation',
  tags: ['Operators'],
  summary: 'End a subscription now, whatever Stripe says',
  description:
    'For one that Stripe has lost, or refuses to end. Stripe is asked, and its no is not waited for; access ends at once. What can be canceled is better canceled by `PUT /subscriptions/{id}/cancellation`.',
  request: {
    headers: idempotencyHeader,
    params,
    body: jsonBody(z.strictObject({ reason: reasonField }).openapi('ForcedCancellationRequest')),
  },
  responses: {
    200: { description: 'The subscription, ended.', content: jsonContent(operatedSchema) },
    ...problemResponses('checkout_already_paid', 'payment_provider_rejected', ...PROBLEMS),
  },
})

const grantRoute = createRoute({
  method: 'post',
  path: '/admin/subscriptions/{id}/grants',
  tags: ['Operators'],
  summary: 'Grant the user of a subscription more of a feature, through its workflow',
  description:
    'As `POST /admin/grants` does, with an entry of the timeline; it is the update `grant` of Temporal’s UI.',
  request: {
    headers: idempotencyHeader,
    params,
    body: jsonBody(
      z
        .strictObject({
          feature: featureField,
          amount: z.int().min(1).max(AMOUNT_MAX),
          expires_at: expiresAtField,
          reason: reasonField,
        })
        .openapi('SubscriptionGrantRequest'),
    ),
  },
  responses: {
    201: {
      description: 'Granted, and in force at once. GET /admin/grants shows it.',
      content: jsonContent(z.object({ grant_id: z.uuid() })),
    },
    ...problemResponses(
      'user_not_found',
      'feature_not_found',
      'feature_not_countable',
      'payment_provider_rejected',
      ...PROBLEMS,
    ),
  },
})

type Call<Result> = {
  /** What the key stands for. */
  readonly request: Readonly<Record<string, unknown>>
  readonly ask: (of: {
    subscriptionId: string
    commandId: string
  }) => Promise<WorkflowReply<Result>>
  readonly answer: (result: Result, own: Subscription) => Promise<Answer | Refusal>
}

type OperateContext = Context<
  ApiEnvironment,
  string,
  { out: { param: z.infer<typeof params>; header: z.infer<typeof idempotencyHeader> } }
>

/** What only operators may have a subscription's workflow do. */
export const operateSubscription = (dependencies: ApiDependencies) => {
  const { repositories, workflows, clock } = dependencies
  const { subscriptions, plans } = repositories

  /** Asks the workflow, once per key. */
  async function operate<Result extends Outcome>(
    c: OperateContext,
    keyId: string,
    { request, ask, answer }: Call<Result>,
  ) {
    const { id } = c.req.valid('param')
    const key = c.req.valid('header')['idempotency-key'] ?? newIdempotencyKey()
    const caller = `operator/${keyId}`
    const rendered = (given: Answer | Refusal): Answer => {
      if ('body' in given) return given
      const body = problemBody(given.code, given.detail, c.get('requestId'))
      return { status: body.status, body }
    }
    const keyed = {
      idempotency: repositories.idempotency,
      caller,
      key,
      request: { ...request, id },
      at: clock.now(),
    }
    const outcome = await once(keyed, async () => {
      const own = await subscriptions.find(subscriptionId(id.toLowerCase()))
      const detail = 'There is no subscription of this id.'
      if (own === undefined) return rendered({ code: 'subscription_not_found', detail })
      const asked = await ask({ subscriptionId: own.id, commandId: `${caller}/${key}` })
      if (asked.kind !== 'answered') return rendered(refusalOf(asked))
      return rendered(await answer(asked.answer, own))
    })
    return outcome.kind === 'reused'
      ? problem(c, 'idempotency_key_reused', 'This Idempotency-Key came with another request.')
      : render(outcome)
  }

  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(forceRoute, async (c) => {
      const operator = operatorOf(c)
      if (operator.kind === 'refused') return operator.answer
      const { keyId } = operator
      const { reason } = c.req.valid('json')
      return operate(c, keyId, {
        request: { operation: 'force-cancellation', reason },
        ask: (of) => workflows.command(forceCancel, of, { reason, keyId }),
        answer: async (answer, own) => {
          if (answer.kind === 'refused') return { code: answer.code, detail: DETAILS[answer.code] }
          const after = (await subscriptions.find(own.id)) ?? own
          return { status: 200, body: await viewForOperators(after, plans, clock.now()) }
        },
      })
    })
    .openapi(grantRoute, async (c) => {
      const operator = operatorOf(c)
      if (operator.kind === 'refused') return operator.answer
      const { keyId } = operator
      const { expires_at: expiresAt, ...given } = c.req.valid('json')
      const wrong =
        expiresAt !== null &&
        notAhead(c, {
          field: 'expires_at',
          value: expiresAt,
          now: clock.now(),
          fix: 'leave it out, and it never expires',
        })
      if (wrong) return wrong
      const request = { ...given, ...(expiresAt && { expiresAt: expiresAt.toISOString() }) }
      return operate(c, keyId, {
        request: { operation: 'grant', ...request },
        ask: (of) => workflows.command(grant, of, { ...request, keyId }),
        answer: async (answer) =>
          answer.kind === 'refused'
            ? { code: answer.code, detail: EXTRA_REFUSALS[answer.code] }
            : { status: 201, body: { grant_id: answer.grantId } },
      })
    })
}
