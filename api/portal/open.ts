import { OpenAPIHono, z } from '@hono/zod-openapi'
import { userOf } from '../auth/user.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonBody, jsonContent } from '../json.ts'
import { pageUrl } from '../page-url.ts'
import { problem, problemResponses, USER_PROBLEMS } from '../problem.ts'
import { validationHook } from '../validation.ts'
import { createRoute } from '../route.ts'
import { stripeTurns } from '../stripe-turns.ts'
import { requestObject } from '../request-object.ts'

const requestSchema = requestObject({
  return_url: pageUrl.describe('Where the portal’s link back to your site leads.'),
}).openapi('PortalRequest')

const route = createRoute({
  operationId: 'openPortal',
  callers: 'user',
  method: 'post',
  path: '/portal',
  tags: ['Invoices'],
  summary: 'Open the Stripe customer portal',
  description:
    'Returns a new link to the portal for this user, valid for a few minutes. There customers change their card, pay and view invoices, and cancel. Changes there are applied here as well.',
  request: {
    body: jsonBody(requestSchema),
  },
  responses: {
    201: {
      description: 'The link to the portal.',
      content: jsonContent(z.object({ url: z.url() }).openapi('Portal')),
    },
    ...problemResponses(
      'malformed_json',
      'customer_not_found',
      'payment_provider_rejected',
      'payment_provider_unavailable',
      'rate_limited',
      ...USER_PROBLEMS,
    ),
  },
})

/**
 * A portal belongs to a customer and not to a subscription, so no workflow is involved.
 * @see https://docs.stripe.com/customer-management
 */
export const openPortal = ({ repositories, stripeInvoices }: ApiDependencies) => {
  const inTurn = stripeTurns()
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook }).openapi(
    route,
    async (c) => {
      const user = userOf(c)
      const { stripeCustomerId } = (await repositories.customers.find(user.userId)) ?? {}
      if (!stripeCustomerId)
        return problem(
          c,
          'customer_not_found',
          'The user has never started a checkout of a paid plan. Use POST /subscriptions/checkout.',
        )
      const { return_url } = c.req.valid('json')
      return inTurn(c, async () => {
        const url = await stripeInvoices.openPortal(stripeCustomerId, return_url)
        return c.json({ url }, 201)
      })
    },
  )
}
