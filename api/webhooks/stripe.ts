import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonContent } from '../json.ts'
import { problem, problemResponses } from '../problem.ts'
import { receiveStripeEvent } from '../../sync/inbox/receive.ts'
import { bodyLimit } from '../middleware/body-limit.ts'
import { createRoute } from '../route.ts'

/** Stripe's largest events have a few hundred KiB. */
export const WEBHOOK_BODY_MAX_BYTES = 1_024 * 1_024

/** The path below the API's base path. */
export const STRIPE_WEBHOOKS = '/webhooks/stripe'

const route = createRoute({
  operationId: 'receiveStripeEvent',
  callers: 'anyone',
  // Stripe calls the address that an operator has entered there.
  anyQuery: true,
  method: 'post',
  path: STRIPE_WEBHOOKS,
  tags: ['Webhooks'],
  summary: 'Receive an event from Stripe',
  description:
    'Answers 200 only after the event is committed to the inbox. Processing happens afterwards.',
  responses: {
    200: {
      description: 'The event is stored.',
      content: jsonContent(z.object({ received: z.literal(true), repeated: z.boolean() })),
    },
    ...problemResponses(
      'bad_signature',
      'malformed_event',
      'body_too_large',
      'database_unavailable',
    ),
  },
})

/** HTTP's name for no encoding. A proxy must not compress these requests. */
const NO_ENCODING = 'identity'

/** Must be mounted before any middleware that reads the body, because the signature covers the bytes as received. */
export const stripeWebhook = (dependencies: ApiDependencies) => {
  const app = new OpenAPIHono<ApiEnvironment>()
  app.use(
    STRIPE_WEBHOOKS,
    bodyLimit({
      maxSize: WEBHOOK_BODY_MAX_BYTES,
      onError: (c) => problem(c, 'body_too_large', 'The body of a Stripe event is at most 1 MiB.'),
    }),
  )
  return app.openapi(route, async (c) => {
    const refuse = (because: string) => {
      dependencies.logger.warn({ because }, 'a webhook was refused')
      dependencies.receptions.refused()
      return problem(c, 'bad_signature', `The event was refused: ${because}.`)
    }
    const encoding = c.req.header('content-encoding') ?? NO_ENCODING
    if (encoding !== NO_ENCODING)
      return refuse(`the body is encoded as ${encoding}, but Stripe sends and signs plain text`)
    const body = Buffer.from(await c.req.arrayBuffer())
    const signature = c.req.header('stripe-signature') ?? ''
    const reception = await receiveStripeEvent(dependencies, body, signature)
    if (reception.kind === 'forged') return refuse(reception.because)
    if (reception.kind === 'malformed')
      return problem(c, 'malformed_event', `The body is signed, but ${reception.because}.`)
    return c.json({ received: true as const, repeated: reception.repeated }, 200)
  })
}
