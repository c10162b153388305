import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { bodyLimit } from 'hono/body-limit'
import { verifyStripeEvent } from '../../adapters/stripe/events.ts'
import { inboxRowOf, inboxRowOfThin } from '../../adapters/stripe/intake.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonContent } from '../json.ts'
import { problem, problemResponses } from '../problem.ts'

/** Stripe's largest events have a few hundred KiB. */
export const WEBHOOK_BODY_MAX_BYTES = 1_024 * 1_024

const route = createRoute({
  method: 'post',
  path: '/webhooks/stripe',
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

/** Mounted before anything reads the body: the signature covers the bytes as they came. */
export const receiveStripeEvent = (dependencies: ApiDependencies) => {
  const { repositories, clock, logger, telemetry, stripeWebhookSecrets, intake } = dependencies
  const app = new OpenAPIHono<ApiEnvironment>()
  app.use(
    '/webhooks/stripe',
    bodyLimit({
      maxSize: WEBHOOK_BODY_MAX_BYTES,
      onError: (c) => problem(c, 'body_too_large', 'A Stripe event has at most 1 MiB.'),
    }),
  )
  return app.openapi(route, async (c) => {
    const body = Buffer.from(await c.req.arrayBuffer())
    const signature = c.req.header('stripe-signature') ?? ''
    // The real present, not the service's clock: Stripe signs with its own.
    const verified = verifyStripeEvent(body, signature, stripeWebhookSecrets, new Date())
    if (verified.kind === 'forged') {
      logger.warn({ because: verified.because }, 'a webhook was refused')
      return problem(c, 'bad_signature', `Not accepted: ${verified.because}.`)
    }
    const incoming =
      verified.kind === 'genuine'
        ? inboxRowOf(verified.event, intake, clock.now())
        : inboxRowOfThin(verified.event, intake, clock.now())
    const traceparent = telemetry?.traceparent() ?? null
    const outcome = await repositories.stripeEvents.record({ ...incoming, traceparent })
    if (incoming.verdict.state === 'received') dependencies.inboxChanged(incoming.type)
    return c.json({ received: true as const, repeated: outcome === 'repeated' }, 200)
  })
}
