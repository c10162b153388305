import { OpenAPIHono, z } from '@hono/zod-openapi'
import { EVENT_STATES, type InboxEvent } from '../../domain/stripe/inbox.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonBody, jsonContent } from '../json.ts'
import { OPERATOR_PROBLEMS, problemResponses } from '../problem.ts'
import { validationHook } from '../validation.ts'
import { instant, LIST_MAX, limitField, stripeText } from './request.ts'
import { createRoute } from '../route.ts'
import { requestObject } from '../request-object.ts'

const eventSchema = z
  .object({
    event_id: z.string(),
    type: z.string(),
    livemode: z.boolean(),
    state: z
      .enum(EVENT_STATES)
      .describe(
        '`received`: not yet forwarded to its workflow. `forwarded`: not yet applied. `done`: applied, or nothing to do. `parked`: stored and not applied, because of `reason`.',
      ),
    reason: z.string().nullable(),
    last_error: z.string().nullable(),
    attempts: z.int(),
    due_at: instant.describe('When it is forwarded next, if it is `received` or `forwarded`.'),
    created_at: instant.describe('When Stripe has created the event.'),
    received_at: instant,
    subscription_id: z.uuid().nullable(),
    object_ids: z
      .record(z.string(), z.string().nullable())
      .describe('The Stripe ids in the event.'),
  })
  .openapi('StripeEvent')

const listRoute = createRoute({
  operationId: 'listStripeEvents',
  callers: 'operator',
  method: 'get',
  path: '/admin/stripe-events',
  tags: ['Operators'],
  summary: 'List events from Stripe, newest first',
  request: {
    query: z.object({
      state: z.enum(EVENT_STATES).optional(),
      type: stripeText.optional(),
      reason: stripeText.optional().describe('The exact `reason` of events.'),
      subscription_id: z.uuid().optional().describe('The id in this API, not at Stripe.'),
      stripe_id: stripeText
        .optional()
        .describe('A Stripe id of a customer, subscription, session, invoice or payment.'),
      after: stripeText.optional().describe('The last `event_id` of the previous page.'),
      limit: limitField,
    }),
  },
  responses: {
    200: {
      description: 'A page of events, without their bodies.',
      content: jsonContent(z.object({ events: z.array(eventSchema) })),
    },
    ...problemResponses(...OPERATOR_PROBLEMS),
  },
})

const requestSchema = z
  .union([
    requestObject({ event_ids: z.array(stripeText).min(1).max(LIST_MAX) }),
    requestObject({
      reason: stripeText.describe('All events that are parked for this reason.'),
    }),
  ])
  .openapi('RedriveRequest')

const redriveRoute = createRoute({
  operationId: 'redriveStripeEvents',
  callers: 'operator',
  method: 'post',
  path: '/admin/stripe-events/redrive',
  tags: ['Operators'],
  summary: 'Reprocess events',
  description: `Forwards the events again, as if they had just arrived. That is safe, because a workflow reads the current state at Stripe. At most ${LIST_MAX} events per request, oldest first. Events that are already waiting and unknown ids are ignored.`,
  request: {
    body: jsonBody(requestSchema),
  },
  responses: {
    200: {
      description: 'The ids of the events that will be reprocessed.',
      content: jsonContent(z.object({ event_ids: z.array(z.string()) })),
    },
    ...problemResponses('malformed_json', ...OPERATOR_PROBLEMS),
  },
})

/** The inbox of events from Stripe: the list, and reprocessing events. */
export const stripeEvents = ({ repositories, clock, inboxChanged }: ApiDependencies) =>
  new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(listRoute, async (c) => {
      const { limit, after, subscription_id, stripe_id, ...filter } = c.req.valid('query')
      const found = await repositories.stripeInbox.list(
        { ...filter, subscriptionId: subscription_id, stripeId: stripe_id },
        { limit, after },
      )
      return c.json({ events: found.map(viewOfEvent) }, 200)
    })
    .openapi(redriveRoute, async (c) => {
      const request = c.req.valid('json')
      const which = 'reason' in request ? request : { eventIds: request.event_ids }
      const eventIds = await repositories.stripeInbox.redrive(which, clock.now(), LIST_MAX)
      // One type for each of the two inbox queues.
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
