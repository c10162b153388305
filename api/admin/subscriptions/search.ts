import { OpenAPIHono, z } from '@hono/zod-openapi'
import { text } from '../../../adapters/text.ts'
import { subscriptionId } from '../../../domain/ids.ts'
import { STATUSES } from '../../../domain/subscription/subscription.ts'
import type { ApiDependencies, ApiEnvironment } from '../../environment.ts'
import { jsonContent } from '../../json.ts'
import { OPERATOR_PROBLEMS, problem, problemResponses } from '../../problem.ts'
import { validationHook } from '../../validation.ts'
import { limitField, userIdField } from '../request.ts'
import { operatedSchema, viewForOperators } from './view.ts'
import { createRoute } from '../../route.ts'

const SLUG_MAX_CHARACTERS = 64
/** Longer than any id or address. */
const SEARCH_MAX_CHARACTERS = 255

const listRoute = createRoute({
  operationId: 'searchSubscriptions',
  callers: 'operator',
  method: 'get',
  path: '/admin/subscriptions',
  tags: ['Operators'],
  summary: 'Search subscriptions of all users, newest first',
  request: {
    query: z.object({
      q: text(SEARCH_MAX_CHARACTERS)
        .optional()
        .describe(
          'An e-mail address, the number of an invoice, an id of ours or of Stripe, or the start of a user id, in any case. Not together with `user_id` or `drift`.',
        ),
      status: z.enum(STATUSES).optional(),
      plan: text(SLUG_MAX_CHARACTERS).optional().describe('The slug of a plan.'),
      user_id: userIdField.optional(),
      drift: z
        .enum(['true', 'false'])
        .optional()
        .describe('Whether there is a difference from Stripe that needs an operator.'),
      after: z.uuid().optional().describe('The last `id` of the previous page.'),
      limit: limitField,
    }),
  },
  responses: {
    200: {
      description: 'A page of subscriptions.',
      content: jsonContent(z.object({ subscriptions: z.array(operatedSchema) })),
    },
    ...problemResponses(...OPERATOR_PROBLEMS),
  },
})

const getRoute = createRoute({
  operationId: 'getAnySubscription',
  callers: 'operator',
  method: 'get',
  path: '/admin/subscriptions/{id}',
  tags: ['Operators'],
  summary: 'Get a subscription of any user',
  request: { params: z.object({ id: z.uuid() }) },
  responses: {
    200: { description: 'The subscription.', content: jsonContent(operatedSchema) },
    ...problemResponses('subscription_not_found', ...OPERATOR_PROBLEMS),
  },
})

/** Subscriptions of all users. */
export const searchSubscriptions = ({ repositories, clock }: ApiDependencies) => {
  const { subscriptions, plans, figures } = repositories
  const subscriptionsOf = async (lines: readonly { readonly id: string }[]) => {
    const all = await Promise.all(lines.map(({ id }) => subscriptions.find(subscriptionId(id))))
    return all.filter((each) => each !== undefined)
  }
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(listRoute, async (c) => {
      const { limit, after: last, drift, user_id: userId, q, ...filter } = c.req.valid('query')
      if (q !== undefined && (userId !== undefined || drift !== undefined))
        return problem(c, 'invalid_request', 'Send either `q`, or `user_id` and `drift`.', {
          errors: [{ field: 'q', detail: 'not together with `user_id` or `drift`' }],
        })
      const after = last === undefined ? undefined : subscriptionId(last.toLowerCase())
      const isDrifting = drift === undefined ? undefined : drift === 'true'
      const found =
        q === undefined
          ? await subscriptions.search({ ...filter, userId, drift: isDrifting }, { limit, after })
          : await subscriptionsOf(await figures.search({ ...filter, text: q }, { limit, after }))
      const now = clock.now()
      const views = found.map((each) => viewForOperators(each, plans, now))
      return c.json({ subscriptions: await Promise.all(views) }, 200)
    })
    .openapi(getRoute, async (c) => {
      const found = await subscriptions.find(subscriptionId(c.req.valid('param').id.toLowerCase()))
      return found === undefined
        ? problem(c, 'subscription_not_found', 'There is no subscription with this id.')
        : c.json(await viewForOperators(found, plans, clock.now()), 200)
    })
}
