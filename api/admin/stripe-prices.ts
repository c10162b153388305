import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { PlanVersion } from '../../domain/catalogue/plan.ts'
import type { StripeInboxRepository } from '../../domain/stripe/inbox.ts'
import { reasonOfOtherPrice, reasonOfUnknownPrice } from '../../domain/subscription/import.ts'
import { operatorOf } from '../auth/operator.ts'
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
    'For prices that were created at Stripe. If the price charges another amount, currency or period than every version of the plan, the plan gets a version with this price: it has the features of the version on sale and is never on sale itself. Its customers are shown what they pay. Events that are parked because of the price are reprocessed, so that their subscriptions are imported. Repeating it changes nothing.',
  request: {
    params: z.object({ price_id: stripeText }),
    body: jsonBody(requestSchema),
  },
  responses: {
    200: {
      description: 'The mapping, and the number of events that will be reprocessed.',
      content: jsonContent(priceSchema.extend({ redriven: z.int() })),
    },
    ...problemResponses(
      'malformed_json',
      'plan_not_found',
      'plan_version_not_found',
      'stripe_price_not_found',
      'stripe_price_not_usable',
      'stripe_price_taken',
      'payment_provider_rejected',
      'payment_provider_unavailable',
      ...OPERATOR_PROBLEMS,
    ),
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
export const stripePrices = (dependencies: ApiDependencies) => {
  const { repositories, clock, inboxChanged, stripe } = dependencies
  const { catalogue, plans, stripePrices: prices, stripeInbox } = repositories
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(mapRoute, async (c) => {
      const { price_id: priceId } = c.req.valid('param')
      const { plan_id: planId } = c.req.valid('json')
      const plan = await plans.findActive(planId)
      if (plan === undefined)
        return problem(c, 'plan_not_found', `There is no plan \`${planId}\` on sale.`)
      const price = await stripe.readPrice(priceId)
      if (price === undefined)
        return problem(c, 'stripe_price_not_found', `Stripe has no price ${priceId}.`)
      if (price.kind === 'not_usable')
        return problem(c, 'stripe_price_not_usable', notUsable(priceId, price.because))
      const made = await plans.findByStripePrice(priceId)
      const isOwn = made?.stripePriceId === priceId || (made && made.id === price.madeFor)
      if (isOwn && made.slug !== plan.slug)
        return problem(c, 'stripe_price_taken', ownPrice(priceId, made))
      const at = clock.now()
      const act = { at, by: operatorOf(c).keyId }
      const version = await catalogue.versionOfPrice(plan, price.terms, act)
      if (version.kind === 'refused') return problem(c, 'plan_version_not_found', version.detail)
      const { id: planVersionId } = version.saved
      // A price that was made for a version belongs to it already.
      if (!isOwn) await prices.map({ priceId, planVersionId, createdAt: at })
      const redriven = await redrive(stripeInbox, priceId, at)
      if (redriven.length > 0) inboxChanged('customer.subscription.updated')
      return c.json(
        {
          price_id: priceId,
          plan: plan.slug,
          version: isOwn ? made.version : version.saved.version,
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

/** Processes the events that are parked because the price was unknown, or charged something else than its version. */
async function redrive(
  inbox: Pick<StripeInboxRepository, 'redrive'>,
  priceId: string,
  at: Date,
): Promise<string[]> {
  const reasons = [reasonOfUnknownPrice(priceId), reasonOfOtherPrice(priceId)]
  const redriven = reasons.map((reason) => inbox.redrive({ reason }, at, LIST_MAX))
  return (await Promise.all(redriven)).flat()
}

const ownPrice = (priceId: string, { slug, version }: PlanVersion): string =>
  `${priceId} is the price of version ${version} of the plan \`${slug}\`, and its customers have that plan. Change their plan instead, or give them another price at Stripe.`

const notUsable = (priceId: string, because: string): string =>
  `No plan can have the price ${priceId}: ${because}. Give its customers a price at Stripe that charges the same whole amount for each unit and map that one, or leave them at Stripe alone.`
