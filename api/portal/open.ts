import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { userOf } from '../auth/user.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonBody, jsonContent } from '../json.ts'
import { problem, problemResponses } from '../problem.ts'
import { validationHook } from '../validation.ts'

const URL_MAX_CHARACTERS = 2_048

const requestSchema = z
  .strictObject({
    return_url: z
      .url({ protocol: /^https?$/ })
      .max(URL_MAX_CHARACTERS)
      .describe('Where the person goes from there.'),
  })
  .openapi('PortalRequest')

const route = createRoute({
  method: 'post',
  path: '/portal',
  tags: ['Invoices'],
  summary: 'Open Stripe’s billing portal',
  description:
    'Answers a link that works for some minutes, for this user alone; each call answers another. There a person changes their card, pays, sees their bills and cancels. What they do there is taken over.',
  request: {
    body: jsonBody(requestSchema),
  },
  responses: {
    201: {
      description: 'The link.',
      content: jsonContent(z.object({ url: z.url() }).openapi('Portal')),
    },
    ...problemResponses(
      'malformed_json',
      'user_missing',
      'unauthenticated',
      'forbidden',
      'customer_not_found',
      'invalid_request',
      'payment_provider_rejected',
      'payment_provider_unavailable',
      'database_unavailable',
    ),
  },
})

/** The portal belongs to the customer, not to a subscription: no workflow is asked. */
export const openPortal = ({ repositories, stripeInvoices }: ApiDependencies) =>
  new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook }).openapi(route, async (c) => {
    const user = userOf(c)
    if (user.kind === 'refused') return user.answer
    const customer = await repositories.customers.find(user.userId)
    if (!customer?.stripeCustomerId)
      return problem(
        c,
        'customer_not_found',
        'The user never began to buy a paid plan, so Stripe does not know them. POST /subscriptions/checkout begins.',
      )
    const { return_url } = c.req.valid('json')
    const url = await stripeInvoices.openPortal(customer.stripeCustomerId, return_url)
    return c.json({ url }, 201)
  })
