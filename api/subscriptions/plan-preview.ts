import { OpenAPIHono, type z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { subscriptionId } from '../../domain/ids.ts'
import { userOf } from '../auth/user.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonBody, jsonContent } from '../json.ts'
import { problem, problemResponses, USER_PROBLEMS } from '../problem.ts'
import { validationHook } from '../validation.ts'
import { TARGET_PROBLEMS } from './addon-target.ts'
import { findChange, previewFound, previewSchema, type PreviewRefusal } from './change-preview.ts'
import { subscriptionParameters } from './command.ts'
import { addonsOf, itemsSchema } from './items.ts'
import { planChangeSchema } from './plan-change.ts'
import { createRoute } from '../route.ts'
import { stripeTurns } from '../stripe-turns.ts'

const shared = {
  callers: 'user',
  method: 'post',
  description:
    'Stripe calculates the proration with the same parameters as for the change itself. Nothing changes.',
  responses: {
    200: {
      description: 'The preview.',
      content: jsonContent(previewSchema),
    },
    ...problemResponses(
      'malformed_json',
      'subscription_not_found',
      ...TARGET_PROBLEMS,
      'plan_unclear',
      'grows_in_trial',
      'payment_provider_rejected',
      'payment_provider_unavailable',
      'rate_limited',
      ...USER_PROBLEMS,
    ),
  },
} as const

const planRoute = createRoute({
  ...shared,
  tags: ['Subscriptions'],
  operationId: 'previewPlanChange',
  path: '/subscriptions/{id}/plan/preview',
  summary: 'Preview a plan change',
  request: {
    params: subscriptionParameters,
    body: jsonBody(planChangeSchema.omit({ proration_date: true })),
  },
})
const itemsRoute = createRoute({
  ...shared,
  tags: ['Subscriptions'],
  operationId: 'previewItems',
  path: '/subscriptions/{id}/items/preview',
  summary: 'Preview a change of plan, quantity and add-ons',
  request: {
    params: subscriptionParameters,
    body: jsonBody(itemsSchema.omit({ proration_date: true })),
  },
})

/** Previews a change of the plan, or of everything that a subscription has. Nothing changes. */
export const previewPlanChange = (dependencies: ApiDependencies) => {
  const inTurn = stripeTurns()
  const preview = (c: PreviewContext, body: PreviewRequest) =>
    answerPreview(c, dependencies, { body, inTurn })
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(planRoute, (c) => preview(c, c.req.valid('json')))
    .openapi(itemsRoute, (c) => preview(c, c.req.valid('json')))
}

type PreviewRequest = Omit<z.infer<typeof itemsSchema>, 'proration_date'>
/** A request whose route has validated the path. */
type PreviewContext = Context<
  ApiEnvironment,
  string,
  { out: { param: z.infer<typeof subscriptionParameters> } }
>

async function answerPreview(
  c: PreviewContext,
  dependencies: ApiDependencies,
  {
    body,
    inTurn,
  }: { readonly body: PreviewRequest; readonly inTurn: ReturnType<typeof stripeTurns> },
) {
  const user = userOf(c)
  const own = await dependencies.repositories.subscriptions.find(
    subscriptionId(c.req.valid('param').id.toLowerCase()),
  )
  if (own?.userId !== user.userId)
    return problem(c, 'subscription_not_found', 'The user has no subscription with this id.')
  const found = await findChange(dependencies, {
    own,
    planId: body.plan_id,
    quantity: body.quantity,
    addons: addonsOf(body),
    when: body.when,
    caller: c.get('caller'),
    actor: user.actor,
  })
  const refuse = ({ code, detail, ...extras }: PreviewRefusal) => problem(c, code, detail, extras)
  if (found.kind === 'refused') return refuse(found.refusal)
  return inTurn(c, async () => {
    const previewed = await previewFound(dependencies, found.change)
    return previewed.kind === 'previewed'
      ? c.json(previewed.preview, 200)
      : refuse(previewed.refusal)
  })
}
