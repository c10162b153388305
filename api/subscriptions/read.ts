import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { subscriptionId } from '../../domain/ids.ts'
import type { Subscription } from '../../domain/subscription/subscription.ts'
import { CHANGE_KINDS } from '../../domain/subscription/timeline.ts'
import { readerOf } from '../auth/user.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonContent } from '../json.ts'
import { problem, problemResponses } from '../problem.ts'
import { productLineField } from '../plans/fields.ts'
import { validationHook } from '../validation.ts'
import { subscriptionSchema, viewOfSubscription } from './view.ts'

/** A user has a handful of subscriptions in a lifetime. */
const LIST_MAX = 100
/** About ten years of monthly renewals; older entries stay in the database. */
const TIMELINE_MAX = 500

const readProblems = problemResponses(
  'user_missing',
  'unauthenticated',
  'forbidden',
  'invalid_request',
  'database_unavailable',
)
const readOneProblems = { ...readProblems, ...problemResponses('subscription_not_found') }
const one = { content: jsonContent(subscriptionSchema) }

const currentRoute = createRoute({
  method: 'get',
  path: '/subscriptions/current',
  tags: ['Subscriptions'],
  summary: 'The live subscription of the user',
  request: { query: z.object({ product_line: productLineField }) },
  responses: {
    200: { description: 'The subscription that is not over.', ...one },
    ...readOneProblems,
  },
})

const listRoute = createRoute({
  method: 'get',
  path: '/subscriptions',
  tags: ['Subscriptions'],
  summary: 'All subscriptions of the user, the newest first',
  responses: {
    200: {
      description: `At most ${LIST_MAX}.`,
      content: jsonContent(z.object({ subscriptions: z.array(subscriptionSchema) })),
    },
    ...readProblems,
  },
})

const idParameter = z.object({ id: z.uuid().describe('The id of a subscription.') })

const getRoute = createRoute({
  method: 'get',
  path: '/subscriptions/{id}',
  tags: ['Subscriptions'],
  summary: 'One subscription of the user',
  request: { params: idParameter },
  responses: { 200: { description: 'The subscription.', ...one }, ...readOneProblems },
})

const timelineRoute = createRoute({
  method: 'get',
  path: '/subscriptions/{id}/timeline',
  tags: ['Subscriptions'],
  summary: 'Everything that became of a subscription, with cause and actor',
  request: { params: idParameter },
  responses: {
    200: {
      description: `The first ${TIMELINE_MAX} changes, the oldest first.`,
      content: jsonContent(
        z.object({
          changes: z.array(
            z.object({
              seq: z.int(),
              at: z.iso.datetime(),
              actor: z.enum(['user', 'stripe', 'time', 'operator']),
              kind: z.enum(CHANGE_KINDS),
              cause: z.string(),
              status: z.object({ before: z.string().nullable(), after: z.string() }),
            }),
          ),
        }),
      ),
    },
    ...readOneProblems,
  },
})

/** The read model. The subscription of somebody else is not found, as if it did not exist. */
export const readSubscriptions = ({ repositories, clock }: ApiDependencies) => {
  const view = (subscription: Subscription) =>
    viewOfSubscription(subscription, repositories.plans, clock.now())
  const findOwn = async (id: string, userId: string) => {
    const found = await repositories.subscriptions.find(subscriptionId(id.toLowerCase()))
    return found?.userId === userId ? found : undefined
  }
  const missing = 'The user has no such subscription.'

  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(currentRoute, async (c) => {
      const user = readerOf(c)
      if (user.kind === 'refused') return user.answer
      const line = c.req.valid('query').product_line
      const live = await repositories.subscriptions.findLive(user.userId, line)
      if (live === undefined)
        return problem(c, 'subscription_not_found', 'The user has no live subscription.')
      return c.json(await view(live), 200)
    })
    .openapi(listRoute, async (c) => {
      const user = readerOf(c)
      if (user.kind === 'refused') return user.answer
      const all = await repositories.subscriptions.listOfUser(user.userId, LIST_MAX)
      return c.json({ subscriptions: await Promise.all(all.map(view)) }, 200)
    })
    .openapi(getRoute, async (c) => {
      const user = readerOf(c)
      if (user.kind === 'refused') return user.answer
      const found = await findOwn(c.req.valid('param').id, user.userId)
      if (found === undefined) return problem(c, 'subscription_not_found', missing)
      return c.json(await view(found), 200)
    })
    .openapi(timelineRoute, async (c) => {
      const user = readerOf(c)
      if (user.kind === 'refused') return user.answer
      const found = await findOwn(c.req.valid('param').id, user.userId)
      if (found === undefined) return problem(c, 'subscription_not_found', missing)
      const entries = await repositories.subscriptions.timeline(found.id, TIMELINE_MAX)
      const changes = entries.map(({ seq, at, actor, kind, cause, before, after }) => ({
        seq,
        at: at.toISOString(),
        actor,
        kind,
        cause,
        status: { before: before?.status ?? null, after: after.status },
      }))
      return c.json({ changes }, 200)
    })
}
