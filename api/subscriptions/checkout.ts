import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { derivedUuid } from '../../adapters/secrets/derived-uuid.ts'
import type { CheckoutDiscount } from '../../adapters/stripe/commands/checkout.ts'
import type { WorkflowReply } from '../../adapters/temporal/reply.ts'
import { subscriptionKey } from '../../domain/keys.ts'
import { isFree, type PlanVersion } from '../../domain/catalogue/plan.ts'
import { isTimeZone } from '../../domain/zoned-calendar.ts'
import { STATUSES } from '../../domain/subscription/subscription.ts'
import type { CheckoutAnswer } from '../../workflows/contract.ts'
import { userOf } from '../auth/user.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { idempotencyHeader, newIdempotencyKey, once, render, type Answer } from '../idempotency.ts'
import { jsonBody, jsonContent } from '../json.ts'
import {
  problem,
  problemBody,
  problemResponses,
  type ProblemCode,
  type ProblemExtras,
} from '../problem.ts'
import { planField } from '../plans/fields.ts'
import { validationHook } from '../validation.ts'
import { discountFor } from './discount.ts'
import { QUANTITY_MAX } from './plan-change.ts'
import { isOver, refusalOf } from './refusal.ts'

const URL_MAX_CHARACTERS = 2_048

const CODE_MAX_CHARACTERS = 200

const pageUrl = z.url({ protocol: /^https?$/ }).max(URL_MAX_CHARACTERS)

const requestSchema = z
  .strictObject({
    plan_id: planField,
    success_url: pageUrl.optional().describe('Where the person goes after paying.'),
    cancel_url: pageUrl.optional().describe('Where the person goes without paying.'),
    email: z.email().max(254).optional(),
    locale: z
      .string()
      .regex(/^[a-z]{2}(-[A-Z]{2})?$/)
      .optional()
      .describe('The language of e-mails, such as `en` or `pt-BR`.'),
    time_zone: z
      .string()
      .max(64)
      .refine(isTimeZone, 'no IANA time zone')
      .optional()
      .describe(
        'An IANA name, such as `America/Sao_Paulo`: quotas that reset by hour, day, week or month do so by its clocks.',
      ),
    currency: z
      .string()
      .regex(/^[a-z]{3}$/, 'three lower-case letters, such as `usd`')
      .optional()
      .describe('One of the plan’s `currencies`; without it the first.'),
    quantity: z.int().min(1).max(QUANTITY_MAX).default(1),
    promotion_code: z
      .string()
      .min(1)
      .max(CODE_MAX_CHARACTERS)
      .optional()
      .describe('A code that people know, such as `SPRING`.'),
    coupon: z
      .string()
      .min(1)
      .max(CODE_MAX_CHARACTERS)
      .optional()
      .describe('The id of a coupon at Stripe; for applications, not for users’ own tokens.'),
    allow_promotion_codes: z
      .boolean()
      .default(false)
      .describe('The page has a field for a code; not together with one that is given here.'),
    payment_method_collection: z
      .enum(['always', 'if_required'])
      .default('always')
      .describe('`if_required` begins a trial without asking for a card.'),
  })
  .openapi('CheckoutRequest')

const answerSchema = z
  .object({
    subscription_id: z.uuid(),
    status: z.enum(STATUSES),
    checkout_url: z.url().nullable().describe('Null when nothing is to be paid.'),
    expires_at: z.iso.datetime().nullable(),
  })
  .openapi('Checkout')

const route = createRoute({
  method: 'post',
  path: '/subscriptions/checkout',
  tags: ['Subscriptions'],
  summary: 'Start a subscription',
  description:
    'A free plan is active at once. A paid one gets a page to pay on; asking again before that page is paid closes it and opens another.',
  request: {
    headers: idempotencyHeader,
    body: jsonBody(requestSchema),
  },
  responses: {
    201: {
      description: 'The subscription runs, or waits to be paid.',
      content: jsonContent(answerSchema),
    },
    ...problemResponses(
      'malformed_json',
      'user_missing',
      'unauthenticated',
      'forbidden',
      'plan_not_found',
      'subscription_exists',
      'checkout_already_paid',
      'subscription_over',
      'move_not_allowed',
      'invalid_request',
      'idempotency_key_reused',
      'payment_provider_rejected',
      'payment_provider_unavailable',
      'workflow_unavailable',
      'database_unavailable',
    ),
  },
})

type CheckoutCall = {
  readonly userId: string
  readonly key: string
  readonly requestId: string
  readonly body: z.infer<typeof requestSchema>
  readonly email: string | undefined
  readonly discount?: CheckoutDiscount
}

export const checkout = (dependencies: ApiDependencies) =>
  new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook }).openapi(route, async (c) => {
    const user = userOf(c)
    if (user.kind === 'refused') return user.answer
    const { userId } = user
    const key = c.req.valid('header')['idempotency-key'] ?? newIdempotencyKey()
    const body = c.req.valid('json')
    const caller = c.get('caller')
    // Else a user could have somebody else written to.
    if (caller.kind === 'user_token' && body.email !== undefined && body.email !== caller.email)
      return problem(c, 'invalid_request', 'The address is the one of the token.', {
        errors: [{ field: 'email', detail: 'leave it out with a user’s token' }],
      })
    if (caller.kind === 'user_token' && body.coupon !== undefined)
      return problem(c, 'invalid_request', 'Coupons are for applications to give.', {
        errors: [{ field: 'coupon', detail: 'send a `promotion_code` with a user’s token' }],
      })
    const email = caller.kind === 'user_token' ? caller.email : body.email
    const call = { userId, key, requestId: c.get('requestId'), body, email: email ?? undefined }
    const answer = await once(
      {
        idempotency: dependencies.repositories.idempotency,
        caller: `user/${userId}`,
        key,
        request: { operation: 'checkout', body: call.body },
        at: dependencies.clock.now(),
      },
      () => start(dependencies, call),
    )
    if (answer.kind === 'reused')
      return problem(
        c,
        'idempotency_key_reused',
        'This Idempotency-Key came with another body before. Use a new key for a new request.',
      )
    return render(answer)
  })

async function start(dependencies: ApiDependencies, call: CheckoutCall): Promise<Answer> {
  const { repositories, clock } = dependencies
  const { body, userId } = call
  const refuse = (code: ProblemCode, detail: string, extras?: ProblemExtras): Answer => {
    const refusal = problemBody(code, detail, call.requestId, extras)
    return { status: refusal.status, body: refusal }
  }
  const plan = await repositories.plans.findOffered(body.plan_id, {
    userId,
    at: clock.now(),
    currency: body.currency,
  })
  if (plan === undefined)
    return refuse(
      'plan_not_found',
      `There is no plan \`${body.plan_id}\`. GET /api/v1/billing/plans lists all.`,
    )

  if (body.currency !== undefined && body.currency !== plan.price.currency)
    return refuse('invalid_request', 'The request is not valid.', {
      errors: [{ field: 'currency', detail: `${plan.slug} is not sold in ${body.currency}` }],
    })
  const discount = await discountFor(dependencies.stripe, body, plan)
  if (discount.kind === 'wrong')
    return refuse('invalid_request', 'The request is not valid.', { errors: [discount.problem] })
  const { email } = call
  const { locale, time_zone: timeZone } = body
  await repositories.customers.upsert(
    { userId, ...(email && { email }), ...(locale && { locale }), ...(timeZone && { timeZone }) },
    clock.now(),
  )
  const { subscriptionId, asked } = await askSomeone(dependencies, plan, {
    ...call,
    ...(discount.discount && { discount: discount.discount }),
  })
  if (asked.kind === 'answered') return answerOf(asked.answer, subscriptionId, refuse)
  const { code, detail } = refusalOf(asked)
  return refuse(code, detail)
}

/**
 * A user with a live subscription speaks to its workflow; the key alone names that of a new one. One that ends in this
 * very moment makes way for a new one, once.
 */
async function askSomeone(dependencies: ApiDependencies, plan: PlanVersion, call: CheckoutCall) {
  const { userId, key } = call
  const live = await dependencies.repositories.subscriptions.findLive(userId, plan.productLine)
  const newId = derivedUuid(subscriptionKey(userId, key))
  const subscriptionId = live?.id ?? newId
  const asked = await ask(dependencies, subscriptionId, plan, call)
  if (subscriptionId === newId || !isOver(asked)) return { subscriptionId, asked }
  return { subscriptionId: newId, asked: await ask(dependencies, newId, plan, call) }
}

function ask(
  { workflows, publicUrl }: ApiDependencies,
  subscriptionId: string,
  plan: PlanVersion,
  { userId, key, body, discount }: CheckoutCall,
): Promise<WorkflowReply<CheckoutAnswer>> {
  return workflows.checkout(
    { subscriptionId, userId, commandId: key },
    {
      planVersionId: plan.id,
      free: isFree(plan),
      quantity: body.quantity,
      paymentMethodCollection: body.payment_method_collection,
      successUrl: body.success_url ?? `${publicUrl}/checkout/complete`,
      cancelUrl: body.cancel_url ?? `${publicUrl}/checkout/canceled`,
      ...(discount && { discount }),
    },
  )
}

function answerOf(
  answer: CheckoutAnswer,
  subscriptionId: string,
  refuse: (code: ProblemCode, detail: string, extras?: ProblemExtras) => Answer,
): Answer {
  if (answer.kind === 'opened') {
    const body: z.infer<typeof answerSchema> = {
      subscription_id: subscriptionId,
      status: answer.status,
      checkout_url: answer.checkoutUrl,
      expires_at: answer.expiresAt,
    }
    return { status: 201, body }
  }
  const extras = answer.by === null ? {} : { subscriptionId: answer.by }
  return answer.code === 'checkout_already_paid'
    ? refuse(
        answer.code,
        'The page that was open has just been paid. GET /subscriptions/current shows it.',
        extras,
      )
    : refuse(
        answer.code,
        'The user has a live subscription already, and only a free one can be bought up. Cancel it first.',
        extras,
      )
}
