import { OpenAPIHono, z } from '@hono/zod-openapi'
import { reasonOfUnknownPrice } from '../../domain/subscription/import.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonBody, jsonContent } from '../json.ts'
import { OPERATOR_PROBLEMS, problem, problemResponses } from '../problem.ts'
import { validationHook } from '../validation.ts'
import { instant, LIST_MAX, limitField, stripeText } from './request.ts'
import { createRoute } from '../route.ts'
import { requestObject } from '../request-object.ts'

const requestSchema = requestObject({
  plan_id: stripeText.describe('The slug or the id of a plan on sale.'),
}).openapi('StripePriceRequest')

const priceSchema = z
  .object({ price_id: z.string(), plan: z.string(), version: z.int(), created_at: instant })
  .openapi('StripePrice')

const mapRoute = createRoute({
  operationId: 'mapStripePrice',
  callers: 'operator',
  method: 'put',
  path: '/admin/stripe-prices/{price_id}',
  tags: ['Operators'],
  summary: 'Map a Stripe price to a plan',
  description:
    'For prices that were created at Stripe. Events that are parked because of the unknown price are reprocessed, so that their subscriptions are imported.',
  request: {
    params: z.object({ price_id: stripeText }),
    body: jsonBody(requestSchema),
  },
  responses: {
    200: {
      description: 'The mapping, and the number of events that will be reprocessed.',
      content: jsonContent(priceSchema.extend({ redriven: z.int() })),
    },
    ...problemResponses('malformed_json', 'plan_not_found', ...OPERATOR_PROBLEMS),
  },
})

const listRoute = createRoute({
  operationId: 'listStripePrices',
  callers: 'operator',
  method: 'get',
  path: '/admin/stripe-prices',
  tags: ['Operators'],
  summary: 'List mapped Stripe prices, newest first',
  request: { query: z.object({ limit: limitField }) },
  responses: {
    200: {
      description: 'The mapped prices, without the prices of the versions themselves.',
      content: jsonContent(z.object({ prices: z.array(priceSchema) })),
    },
    ...problemResponses(...OPERATOR_PROBLEMS),
  },
})

/** The mapping of Stripe prices to plans. */
export const stripePrices = ({ repositories, clock, inboxChanged }: ApiDependencies) => {
  const { plans, stripePrices: prices, stripeInbox } = repositories
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(mapRoute, async (c) => {
      const { price_id: priceId } = c.req.valid('param')
      const { plan_id: planId } = c.req.valid('json')
      const plan = await plans.findActive(planId)
      if (plan === undefined)
        return problem(c, 'plan_not_found', `There is no plan \`${planId}\` on sale.`)
      const at = clock.now()
      await prices.map({ priceId, planVersionId: plan.id, createdAt: at })
      const which = { reason: reasonOfUnknownPrice(priceId) }
      const redriven = await stripeInbox.redrive(which, at, LIST_MAX)
      if (redriven.length > 0) inboxChanged('customer.subscription.updated')
      return c.json(
        {
          price_id: priceId,
          plan: plan.slug,
          version: plan.version,
          created_at: at.toISOString(),
          redriven: redriven.length,
        },
        200,
      )
    })
    .openapi(listRoute, async (c) => {
      const found = await prices.list(c.req.valid('query').limit)
      const views = await Promise.all(
        found.map(async ({ priceId, planVersionId, createdAt }) => {
          const plan = await plans.getVersion(planVersionId)
          return {
            price_id: priceId,
            plan: plan.slug,
            version: plan.version,
            created_at: createdAt.toISOString(),
          }
        }),
      )
      return c.json({ prices: views }, 200)
    })
}
