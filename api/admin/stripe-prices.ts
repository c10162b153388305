import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { reasonOfUnknownPrice } from '../../domain/subscription/import.ts'
import { operatorOf } from '../auth/operator.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonBody, jsonContent } from '../json.ts'
import { problem, problemResponses } from '../problem.ts'
import { validationHook } from '../validation.ts'
import { instant, LIST_MAX, limitField, stripeText } from './request.ts'

const requestSchema = z
  .strictObject({ plan_id: stripeText.describe('Slug or id of a plan that is on sale.') })
  .openapi('StripePriceRequest')

const priceSchema = z
  .object({ price_id: z.string(), plan: z.string(), version: z.int(), created_at: instant })
  .openapi('StripePrice')

const mapRoute = createRoute({
  method: 'put',
  path: '/admin/stripe-prices/{price_id}',
  tags: ['Operators'],
  summary: 'Say which plan a price of Stripe’s stands for',
  description:
    'For prices that were made at Stripe. What was parked because nobody knew the price is told once more, so subscriptions that wait for it are imported.',
  request: {
    params: z.object({ price_id: stripeText }),
    body: jsonBody(requestSchema),
  },
  responses: {
    200: {
      description: 'What it stands for now, and how many events are told again.',
      content: jsonContent(priceSchema.extend({ redriven: z.int() })),
    },
    ...problemResponses(
      'malformed_json',
      'unauthenticated',
      'forbidden',
      'plan_not_found',
      'invalid_request',
      'database_unavailable',
    ),
  },
})

const listRoute = createRoute({
  method: 'get',
  path: '/admin/stripe-prices',
  tags: ['Operators'],
  summary: 'Prices of Stripe’s that stand for a plan, the newest first',
  request: { query: z.object({ limit: limitField }) },
  responses: {
    200: {
      description: 'Without those that each version has itself.',
      content: jsonContent(z.object({ prices: z.array(priceSchema) })),
    },
    ...problemResponses('unauthenticated', 'forbidden', 'invalid_request', 'database_unavailable'),
  },
})

export const stripePrices = ({ repositories, clock, inboxChanged }: ApiDependencies) => {
  const { plans, stripePrices: prices, stripeInbox } = repositories
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(mapRoute, async (c) => {
      const operator = operatorOf(c)
      if (operator.kind === 'refused') return operator.answer
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
      const operator = operatorOf(c)
      if (operator.kind === 'refused') return operator.answer
      const found = await prices.list(c.req.valid('query').limit)
      const shown = await Promise.all(
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
      return c.json({ prices: shown }, 200)
    })
}
