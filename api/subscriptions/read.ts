import { OpenAPIHono, z } from '@hono/zod-openapi'
import { periodField } from '../../adapters/catalogue/terms.ts'
import { viewOfPeriod } from '../../domain/catalogue/period.ts'
import type { PlanVersion } from '../../domain/catalogue/plan.ts'
import { subscriptionId } from '../../domain/ids.ts'
import type { Subscription } from '../../domain/subscription/subscription.ts'
import { CHANGE_KINDS } from '../../domain/subscription/timeline.ts'
import { viewOfSubscription } from '../../domain/subscription/view.ts'
import { userOf } from '../auth/user.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonContent } from '../json.ts'
import { problem, problemResponses, USER_PROBLEMS } from '../problem.ts'
import { productLineField } from '../plans/fields.ts'
import { priceSchema, priceView } from '../plans/list.ts'
import { validationHook } from '../validation.ts'
import { subscriptionParameters } from './command.ts'
import { nameEntries, type NamedEntry } from './timeline-entries.ts'
import { subscriptionSchema } from './view.ts'
import { createRoute } from '../route.ts'
import { below } from '../links.ts'

/** Far more than any user has. */
const LIST_MAX = 100
/** About ten years of monthly renewals. Later entries stay in the database. */
const TIMELINE_MAX = 500

const readProblems = problemResponses(...USER_PROBLEMS)
const readOneProblems = { ...readProblems, ...problemResponses('subscription_not_found') }
const one = { content: jsonContent(subscriptionSchema) }

const currentRoute = createRoute({
  operationId: 'getCurrentSubscription',
  leadsTo: [below('/subscriptions/{id}', { id: '$response.body#/id' })],
  callers: 'reader',
  method: 'get',
  path: '/subscriptions/current',
  tags: ['Subscriptions'],
  summary: 'Get the user’s live subscription',
  request: { query: z.object({ product_line: productLineField }) },
  responses: {
    200: { description: 'The subscription of the product line that has not ended.', ...one },
    ...readOneProblems,
  },
})

const listRoute = createRoute({
  operationId: 'listSubscriptions',
  callers: 'reader',
  method: 'get',
  path: '/subscriptions',
  tags: ['Subscriptions'],
  summary: 'List the user’s subscriptions, newest first',
  responses: {
    200: {
      description: `At most ${LIST_MAX} subscriptions.`,
      content: jsonContent(z.object({ subscriptions: z.array(subscriptionSchema) })),
    },
    ...readProblems,
  },
})

const getRoute = createRoute({
  operationId: 'getSubscription',
  callers: 'reader',
  method: 'get',
  path: '/subscriptions/{id}',
  tags: ['Subscriptions'],
  summary: 'Get a subscription of the user',
  request: { params: subscriptionParameters },
  responses: { 200: { description: 'The subscription.', ...one }, ...readOneProblems },
})

const planUnitsSchema = z.object({
  slug: z.string(),
  name: z.string(),
  version: z.int(),
  period: periodField,
  price: priceSchema.describe('The price of one unit per period.'),
  quantity: z.int(),
})

const planChangeSchema = z
  .object({
    from: planUnitsSchema,
    to: planUnitsSchema,
    at: z.iso.datetime().nullable().describe('When a pending change takes effect or is dropped.'),
  })
  .nullable()
  .describe('The plans of an entry about a change of plan or quantity; null for other entries.')

const timelineRoute = createRoute({
  operationId: 'getTimeline',
  callers: 'reader',
  method: 'get',
  path: '/subscriptions/{id}/timeline',
  tags: ['Subscriptions'],
  summary: 'List the timeline of a subscription',
  request: { params: subscriptionParameters },
  responses: {
    200: {
      description: `The first ${TIMELINE_MAX} entries, oldest first. Each has its actor and its cause.`,
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
              plan_change: planChangeSchema,
              requested_by: z
                .object({ key_name: z.string().nullable(), asked_by: z.string().nullable() })
                .nullable()
                .describe(
                  'The name of the API key that sent the command, or who asked in the Temporal UI. Null without a command, and for a user’s token.',
                ),
            }),
          ),
        }),
      ),
    },
    ...readOneProblems,
  },
})

/** Reads subscriptions of the user. Another user's subscription is not found, as if it did not exist. */
export const readSubscriptions = ({ repositories, clock }: ApiDependencies) => {
  const view = (subscription: Subscription) =>
    viewOfSubscription(subscription, repositories.plans, clock.now())
  const findOwn = async (id: string, userId: string) => {
    const found = await repositories.subscriptions.find(subscriptionId(id.toLowerCase()))
    return found?.userId === userId ? found : undefined
  }
  const missing = 'The user has no subscription with this id.'

  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(currentRoute, async (c) => {
      const user = userOf(c)
      const line = c.req.valid('query').product_line
      const live = await repositories.subscriptions.findLive(user.userId, line)
      if (live === undefined)
        return problem(c, 'subscription_not_found', 'The user has no live subscription.')
      return c.json(await view(live), 200)
    })
    .openapi(listRoute, async (c) => {
      const user = userOf(c)
      const all = await repositories.subscriptions.listOfUser(user.userId, LIST_MAX)
      return c.json({ subscriptions: await Promise.all(all.map(view)) }, 200)
    })
    .openapi(getRoute, async (c) => {
      const user = userOf(c)
      const found = await findOwn(c.req.valid('param').id, user.userId)
      if (found === undefined) return problem(c, 'subscription_not_found', missing)
      return c.json(await view(found), 200)
    })
    .openapi(timelineRoute, async (c) => {
      const user = userOf(c)
      const found = await findOwn(c.req.valid('param').id, user.userId)
      if (found === undefined) return problem(c, 'subscription_not_found', missing)
      const entries = await repositories.subscriptions.timeline(found.id, TIMELINE_MAX)
      const named = await nameEntries(repositories, entries)
      // Names of keys are those of the team, not of users.
      const isForKey = c.get('caller').kind === 'key'
      return c.json({ changes: named.map((entry) => entryView(entry, isForKey)) }, 200)
    })
}

const entryView = (entry: NamedEntry, isForKey: boolean) => ({
  seq: entry.seq,
  at: entry.at.toISOString(),
  actor: entry.actor,
  kind: entry.kind,
  cause: entry.cause,
  status: { before: entry.before?.status ?? null, after: entry.after.status },
  plan_change: entry.planStep && {
    from: unitsView(entry.planStep.from),
    to: unitsView(entry.planStep.to),
    at: entry.planStep.at,
  },
  requested_by:
    isForKey && (entry.keyName !== null || entry.askedBy !== null)
      ? { key_name: entry.keyName, asked_by: entry.askedBy }
      : null,
})

const unitsView = ({ plan, quantity }: { plan: PlanVersion; quantity: number }) => ({
  slug: plan.slug,
  name: plan.name,
  version: plan.version,
  period: viewOfPeriod(plan.period),
  price: priceView(plan),
  quantity,
})
