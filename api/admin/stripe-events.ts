import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { EVENT_STATES, type InboxEvent } from '../../domain/stripe/inbox.ts'
import { operatorOf } from '../auth/operator.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonBody, jsonContent } from '../json.ts'
import { problemResponses } from '../problem.ts'
import { validationHook } from '../validation.ts'
import { instant, LIST_MAX, limitField, stripeText } from './request.ts'

const eventSchema = z
  .object({
    event_id: z.string(),
    type: z.string(),
    livemode: z.boolean(),
    state: z
      .enum(EVENT_STATES)
      .describe(
        '`received`: not told yet. `forwarded`: told, not taken in yet. `done`: taken in, or nothing to do. `parked`: kept, and not acted upon, for `reason`.',
      ),
    reason: z.string().nullable(),
    last_error: z.string().nullable(),
    attempts: z.int(),
    due_at: instant.describe('When it is told next, while it is `received` or `forwarded`.'),
    created_at: instant.describe('When it happened at Stripe.'),
    received_at: instant,
    subscription_id: z.uuid().nullable(),
    object_ids: z.record(z.string(), z.string().nullable()).describe('The ids it carries.'),
  })
  .openapi('StripeEvent')

const listRoute = createRoute({
  method: 'get',
  path: '/admin/stripe-events',
  tags: ['Operators'],
  summary: 'The inbox of Stripe’s events, the newest first',
  request: {
    query: z.object({
      state: z.enum(EVENT_STATES).optional(),
      type: stripeText.optional(),
      reason: stripeText.optional().describe('Exactly as it is written on an event.'),
      subscription_id: z.uuid().optional().describe('Ours.'),
      stripe_id: stripeText
        .optional()
        .describe('Any of Stripe’s ids: of a customer, subscription, session, bill or payment.'),
      after: stripeText.optional().describe('The last `event_id` of the page before.'),
      limit: limitField,
    }),
  },
  responses: {
    200: {
      description: 'A page. Bodies of events are not shown: nothing in them is believed.',
      content: jsonContent(z.object({ events: z.array(eventSchema) })),
    },
    ...problemResponses('unauthenticated', 'forbidden', 'invalid_request', 'database_unavailable'),
  },
})

const requestSchema = z
  .union([
    z.strictObject({ event_ids: z.array(stripeText).min(1).max(LIST_MAX) }),
    z.strictObject({
      reason: stripeText.describe('All that are parked for this reason.'),
    }),
  ])
  .openapi('RedriveRequest')

const redriveRoute = createRoute({
  method: 'post',
  path: '/admin/stripe-events/redrive',
  tags: ['Operators'],
  summary: 'Have events told once more',
  description: `As if they had just come. Telling twice costs a read of Stripe and changes nothing twice. At most ${LIST_MAX} at a time, the oldest first; what waits to be told already is left alone, and so is an unknown id.`,
  request: {
    body: jsonBody(requestSchema),
  },
  responses: {
    200: {
      description: 'The ids of those that are told again.',
      content: jsonContent(z.object({ event_ids: z.array(z.string()) })),
    },
    ...problemResponses(
      'malformed_json',
      'unauthenticated',
      'forbidden',
      'invalid_request',
      'database_unavailable',
    ),
  },
})

export const stripeEvents = ({ repositories, clock, inboxChanged }: ApiDependencies) =>
  new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(listRoute, async (c) => {
      const operator = operatorOf(c)
      if (operator.kind === 'refused') return operator.answer
      const { limit, after, subscription_id, stripe_id, ...filter } = c.req.valid('query')
      const found = await repositories.stripeInbox.list(
        { ...filter, subscriptionId: subscription_id, stripeId: stripe_id },
        { limit, after },
      )
      return c.json({ events: found.map(viewOfEvent) }, 200)
    })
    .openapi(redriveRoute, async (c) => {
      const operator = operatorOf(c)
      if (operator.kind === 'refused') return operator.answer
      const request = c.req.valid('json')
      const which = 'reason' in request ? request : { eventIds: request.event_ids }
      const eventIds = await repositories.stripeInbox.redrive(which, clock.now(), LIST_MAX)
      // Of both lanes there may be some.
      if (eventIds.length > 0)
        for (const type of ['customer.subscription.updated', 'invoice.updated']) inboxChanged(type)
      return c.json({ event_ids: eventIds }, 200)
    })

const viewOfEvent = (event: InboxEvent): z.infer<typeof eventSchema> => ({
  event_id: event.eventId,
  type: event.type,
  livemode: event.livemode,
  state: event.state,
  reason: event.reason,
  last_error: event.lastError,
  attempts: event.attempts,
  due_at: event.dueAt.toISOString(),
  created_at: event.createdAt.toISOString(),
  received_at: event.receivedAt.toISOString(),
  subscription_id: event.subscriptionId,
  object_ids: { ...event.objectIds },
})
