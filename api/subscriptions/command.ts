import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { subscriptionId } from '../../domain/ids.ts'
import type { Subscription } from '../../domain/subscription/subscription.ts'
import type { CommandAnswer, CommandRefusal } from '../../workflows/contract.ts'
import type { WorkflowReply } from '../../adapters/temporal/reply.ts'
import { factsOf } from '../../domain/subscription/timeline.ts'
import type { OperatorActionKind } from '../../domain/usage/extras.ts'
import { hasScope } from '../auth/caller.ts'
import { userOf } from '../auth/user.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { idempotencyHeader, newIdempotencyKey, once, render, type Answer } from '../idempotency.ts'
import { jsonBody, jsonContent } from '../json.ts'
import { problem, problemBody, problemResponses, type ProblemCode } from '../problem.ts'
import { refusalOf } from './refusal.ts'
import { subscriptionSchema, viewOfSubscription } from './view.ts'

export const commandParameters = z.object({ id: z.uuid().describe('The id of a subscription.') })

type Described<Path extends string> = {
  readonly path: Path
  readonly summary: string
  readonly description?: string
}

/** Every move answers with the subscription as it is then. */
export const commandResponses = {
  200: {
    description: 'The subscription as it is now.',
    content: jsonContent(subscriptionSchema),
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
    'moved_on',
    'checkout_already_paid',
    'invalid_request',
    'idempotency_key_reused',
    'payment_provider_rejected',
    'workflow_unavailable',
    'database_unavailable',
  ),
}

/** A PUT that asks for a move. */
export const commandRoute = <Path extends string, Body extends z.ZodType>({
  body,
  ...described
}: Described<Path> & { readonly body: Body }) =>
  createRoute({
    ...described,
    method: 'put',
    tags: ['Subscriptions'],
    request: {
      headers: idempotencyHeader,
      params: commandParameters,
      body: jsonBody(body),
    },
    responses: commandResponses,
  })

/** A DELETE, which takes back what a PUT began. */
export const takingBackRoute = <Path extends string>(described: Described<Path>) =>
  createRoute({
    ...described,
    method: 'delete',
    tags: ['Subscriptions'],
    request: { headers: idempotencyHeader, params: commandParameters },
    responses: commandResponses,
  })

export type Refusal = { readonly code: ProblemCode; readonly detail: string }

/** Who asks for a move, and under which name. */
type By = {
  readonly of: { readonly subscriptionId: string; readonly commandId: string }
  readonly actor: 'user' | 'operator'
}

/** What each move is called among what operators did. */
const ACTIONS = {
  cancel: 'cancel',
  'withdraw-cancellation': 'withdraw_cancellation',
  'change-plan': 'change_plan',
  'withdraw-plan-change': 'withdraw_plan_change',
  pause: 'pause',
  resume: 'resume',
  'extend-trial': 'extend_trial',
  'end-trial': 'end_trial',
  sync: 'sync',
} as const satisfies Record<string, OperatorActionKind>

export type MoveCall = {
  /** What the key stands for, beside the subscription. */
  readonly request: { readonly operation: keyof typeof ACTIONS } & Record<string, unknown>
  /** Asks the workflow; `own` is the subscription as the caller last could have seen it. */
  readonly ask: (by: By, own: Subscription) => Promise<WorkflowReply<CommandAnswer> | Refusal>
}

/** A request whose route has checked these. */
type MoveContext = Context<
  ApiEnvironment,
  string,
  {
    out: {
      param: z.infer<typeof commandParameters>
      header: z.infer<typeof idempotencyHeader>
    }
  }
>

/** Asks the workflow of the user's own subscription for a move, once per key, and answers the request. */
export async function answerCommand(
  c: MoveContext,
  { repositories, workflows, clock }: ApiDependencies,
  { ask, request }: MoveCall,
) {
  const user = userOf(c)
  if (user.kind === 'refused') return user.answer
  const { userId, actor } = user
  const caller = c.get('caller')
  const { id } = c.req.valid('param')
  const key = c.req.valid('header')['idempotency-key'] ?? newIdempotencyKey()
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
    async (isRepeat) => {
      const own = await repositories.subscriptions.find(subscriptionId(id.toLowerCase()))
      if (own?.userId !== userId)
        return refuse({
          code: 'subscription_not_found',
          detail: 'The user has no such subscription.',
        })
      const of = { subscriptionId: own.id, commandId: key }
      const judged = await ask({ of, actor }, own)
      // What a repeat is refused for may be what the first one did.
      const asked =
        isRefusal(judged) && isRepeat ? ((await workflows.findReply(of)) ?? judged) : judged
      if (isRefusal(asked)) return refuse(asked)
      if (asked.kind !== 'answered') return refuse(refusalOf(asked))
      if (asked.answer.kind === 'refused')
        return refuse({ code: asked.answer.code, detail: DETAILS[asked.answer.code] })
      const after = (await repositories.subscriptions.find(own.id)) ?? own
      if (hasScope(caller, 'operator'))
        // Once, and before the answer is kept: should this process die here, the repeat notes it.
        await repositories.usageExtras.noteAction(
          `move/${own.id}/${key}`,
          {
            userId,
            action: ACTIONS[request.operation],
            before: { subscriptionId: own.id, ...factsOf(own) },
            after: { subscriptionId: own.id, ...factsOf(after) },
          },
          { at: clock.now(), keyId: caller.keyId, askedBy: null },
        )
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

const isRefusal = (judged: WorkflowReply<CommandAnswer> | Refusal): judged is Refusal =>
  'code' in judged && !('kind' in judged)

export const DETAILS: Record<CommandRefusal, string> = {
  checkout_already_paid:
    'The page that was open has just been paid. GET /subscriptions/current shows it.',
  nothing_to_withdraw: 'Nothing of this kind is scheduled for this subscription.',
  moved_on: 'The subscription has changed meanwhile. Read it again.',
}
