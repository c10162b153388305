import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { bodyLimit } from 'hono/body-limit'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonContent } from '../json.ts'
import { problem, problemResponses } from '../problem.ts'
import { receive } from '../../sync/inbox/receive.ts'
import { STRIPE_WEBHOOKS, WEBHOOK_BODY_MAX_BYTES } from './reception.ts'

const route = createRoute({
  method: 'post',
  path: STRIPE_WEBHOOKS,
  tags: ['Webhooks'],
  summary: "Stripe's events",
  description:
    'Answers 200 only after the event is committed to the inbox. What it means is found out later.',
  security: [],
  responses: {
    200: {
      description: 'The event is kept.',
      content: jsonContent(z.object({ received: z.literal(true), repeated: z.boolean() })),
    },
    ...problemResponses('bad_signature', 'body_too_large', 'database_unavailable'),
  },
})

/** No encoding, in HTTP's own word. A proxy that compresses what passes has to let these requests be. */
const PLAIN = 'identity'

/** Mounted before anything reads the body: the signature covers the bytes as they came. */
export const receiveStripeEvent = (dependencies: ApiDependencies) => {
  const app = new OpenAPIHono<ApiEnvironment>()
  app.use(
    STRIPE_WEBHOOKS,
    bodyLimit({
      maxSize: WEBHOOK_BODY_MAX_BYTES,
      onError: (c) => problem(c, 'body_too_large', 'A Stripe event has at most 1 MiB.'),
    }),
  )
  return app.openapi(route, async (c) => {
    const refuse = (because: string) => {
      dependencies.logger.warn({ because }, 'a webhook was refused')
      dependencies.receptions.refused()
      return problem(c, 'bad_signature', `Not accepted: ${because}.`)
    }
    const encoding = c.req.header('content-encoding') ?? PLAIN
    if (encoding !== PLAIN)
      return refuse(`the body came as ${encoding}, and Stripe signs and sends plain text`)
    const body = Buffer.from(await c.req.arrayBuffer())
    const reception = await receive(dependencies, body, c.req.header('stripe-signature') ?? '')
    if (reception.kind === 'forged') return refuse(reception.because)
    return c.json({ received: true as const, repeated: reception.repeated }, 200)
  })
}
