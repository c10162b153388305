import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { WorkflowReply } from '../../../adapters/temporal/reply.ts'
import { subscriptionId } from '../../../domain/ids.ts'
import { operatorRequestKey } from '../../../domain/keys.ts'
import type { Subscription } from '../../../domain/subscription/subscription.ts'
import { forceCancel, grant, type Answer as Outcome } from '../../../workflows/contract.ts'
import { operatorOf } from '../../auth/operator.ts'
import type { ApiDependencies, ApiEnvironment } from '../../environment.ts'
import { answerOnce, idempotencyHeader, problemAnswer, type Answer } from '../../idempotency.ts'
import { expiryProblem } from '../../instant.ts'
import { jsonBody, jsonContent } from '../../json.ts'
import { OPERATOR_PROBLEMS, problemResponses } from '../../problem.ts'
import { refusalByWorkflow, type Refusal } from '../../subscriptions/command.ts'
import { refusalOf } from '../../subscriptions/refusal.ts'
import { validationHook } from '../../validation.ts'
import { EXTRA_REFUSALS } from '../refusal.ts'
import { AMOUNT_MAX, expiresAtField, featureField, reasonField } from '../request.ts'
import { operatedSchema, viewForOperators } from './view.ts'
import { createRoute } from '../../route.ts'
import { requestObject } from '../../request-object.ts'
import { below } from '../../links.ts'

/** The path of a command for one subscription. */
export const params = z.object({ id: z.uuid() })
/** The problems of every command of an operator. */
export const PROBLEMS = [
  'malformed_json',
  'subscription_not_found',
  'subscription_over',
  'move_not_allowed',
  'idempotency_key_reused',
  'payment_provider_rejected',
  'payment_provider_unconfirmed',
  'workflow_unavailable',
  ...OPERATOR_PROBLEMS,
] as const

const forceRoute = createRoute({
  operationId: 'forceCancelSubscription',
  callers: 'operator',
  method: 'post',
  path: '/admin/subscriptions/{id}/force-cancellation',
  tags: ['Operators'],
  summary: 'Force cancel a subscription',
  description:
    'For a subscription that is missing at Stripe or that Stripe refuses to cancel. The service also cancels it at Stripe, but ignores a refusal. Access ends immediately. Otherwise prefer `PUT /subscriptions/{id}/cancellation`.',
  request: {
    headers: idempotencyHeader,
    params,
    body: jsonBody(requestObject({ reason: reasonField }).openapi('ForcedCancellationRequest')),
  },
  responses: {
    200: { description: 'The canceled subscription.', content: jsonContent(operatedSchema) },
    ...problemResponses('checkout_already_paid', ...PROBLEMS),
  },
})

const grantRoute = createRoute({
  operationId: 'grantToSubscription',
  leadsTo: [below('/admin/grants/{id}', { id: '$response.body#/grant_id' })],
  callers: 'operator',
  method: 'post',
  path: '/admin/subscriptions/{id}/grants',
  tags: ['Operators'],
  summary: 'Grant more of a feature through the subscription’s workflow',
  description:
    'Like `POST /admin/grants`, but also adds an entry to the timeline. It is the same as the update `grant` in the Temporal UI.',
  request: {
    headers: idempotencyHeader,
    params,
    body: jsonBody(
      requestObject({
        feature: featureField,
        amount: z.int().min(1).max(AMOUNT_MAX),
        expires_at: expiresAtField,
        reason: reasonField,
      }).openapi('SubscriptionGrantRequest'),
    ),
  },
  responses: {
    201: {
      description: 'The grant is effective immediately. GET /admin/grants lists it.',
      content: jsonContent(z.object({ grant_id: z.uuid() })),
    },
    ...problemResponses('feature_not_found', 'feature_not_countable', ...PROBLEMS),
  },
})

/** Commands that only operators may send to a subscription's workflow. */
export const operateSubscription = (dependencies: ApiDependencies) => {
  const { repositories, workflows, clock } = dependencies
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(forceRoute, async (c) => {
      const operator = operatorOf(c)
      const { keyId } = operator
      const { reason } = c.req.valid('json')
      return operate(c, dependencies, keyId, {
        request: { operation: 'force-cancellation', reason },
        send: (target) => workflows.command(forceCancel, target, { reason, keyId }),
        answer: async (answer, before) => {
          if (answer.kind === 'refused') return refusalByWorkflow(answer.code)
          const after = (await repositories.subscriptions.find(before.id)) ?? before
          return {
            status: 200,
            body: await viewForOperators(after, repositories.plans, clock.now()),
          }
        },
      })
    })
    .openapi(grantRoute, async (c) => {
      const operator = operatorOf(c)
      const { keyId } = operator
      const { expires_at: expiresAt, ...given } = c.req.valid('json')
      const wrong = expiryProblem(c, expiresAt, clock.now())
      if (wrong) return wrong
      const request = { ...given, ...(expiresAt && { expiresAt: expiresAt.toISOString() }) }
      return operate(c, dependencies, keyId, {
        request: { operation: 'grant', ...request },
        send: (target) => workflows.command(grant, target, { ...request, keyId }),
        answer: async (answer) =>
          answer.kind === 'refused'
            ? { code: answer.code, detail: EXTRA_REFUSALS[answer.code] }
            : { status: 201, body: { grant_id: answer.grantId } },
      })
    })
}

type OperateCall<Result> = {
  /** The request that the idempotency key belongs to, besides the subscription. */
  readonly request: Readonly<Record<string, unknown>>
  /** Sends the command to the workflow. */
  readonly send: (target: {
    subscriptionId: string
    commandId: string
  }) => Promise<WorkflowReply<Result>>
  readonly answer: (result: Result, before: Subscription) => Promise<Answer | Refusal>
}

/** A request whose route has validated the path and the idempotency key. */
type OperateContext = Context<
  ApiEnvironment,
  string,
  { out: { param: z.infer<typeof params>; header: z.infer<typeof idempotencyHeader> } }
>

/** Sends a command to the workflow, once per key, and answers the request. */
export function operate<Result extends Outcome>(
  c: OperateContext,
  dependencies: ApiDependencies,
  keyId: string,
  { request, send, answer }: OperateCall<Result>,
) {
  const { id } = c.req.valid('param')
  const caller = `operator/${keyId}`
  const rendered = (given: Answer | Refusal): Answer =>
    'body' in given ? given : problemAnswer(c, given.code, given.detail)
  return answerOnce(c, dependencies, { caller, request: { ...request, id } }, async ({ key }) => {
    const { subscriptions } = dependencies.repositories
    const before = await subscriptions.find(subscriptionId(id.toLowerCase()))
    if (before === undefined)
      return problemAnswer(c, 'subscription_not_found', 'There is no subscription with this id.')
    const commandId = operatorRequestKey(keyId, key)
    const reply = await send({ subscriptionId: before.id, commandId })
    return rendered(
      reply.kind === 'answered' ? await answer(reply.answer, before) : refusalOf(reply),
    )
  })
}
