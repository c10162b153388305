import { OpenAPIHono, z } from '@hono/zod-openapi'
import {
  DRIFT_KINDS,
  DRIFT_STATES,
  REMEDY_WORDS,
  type DriftFinding,
} from '../../domain/stripe/drift.ts'
import { operatorOf } from '../auth/operator.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonBody, jsonContent } from '../json.ts'
import { OPERATOR_PROBLEMS, problemResponses } from '../problem.ts'
import { validationHook } from '../validation.ts'
import { instant, LIST_MAX, limitField, reasonField, stripeText } from './request.ts'
import { createRoute } from '../route.ts'
import { requestObject } from '../request-object.ts'

const findingSchema = z
  .object({
    key: z
      .string()
      .describe('Identifies the difference. The same difference always has the same key.'),
    kind: z.enum(DRIFT_KINDS),
    subscription_id: z.uuid().nullable(),
    stripe_id: z.string().nullable(),
    detail: z.string().describe('A description for operators.'),
    remedy: z
      .enum(REMEDY_WORDS)
      .describe(
        'The repair. `adopt`: apply Stripe’s state here. `import`: import the subscription from Stripe. `push`: write our state to Stripe. `operator`: an operator must decide, as always if money would move.',
      ),
    state: z
      .enum(DRIFT_STATES)
      .describe(
        '`open`; `repaired` by the service; `resolved` without a repair; `dismissed` by an operator.',
      ),
    found_at: instant,
    seen_at: instant.describe('When the difference was last seen.'),
    closed_at: instant.nullable(),
    closed_by: z.string().nullable(),
  })
  .openapi('DriftFinding')

const findingsResponse = (description: string) => ({
  description,
  content: jsonContent(z.object({ findings: z.array(findingSchema) })),
})

const listRoute = createRoute({
  operationId: 'listDrift',
  callers: 'operator',
  method: 'get',
  path: '/admin/drift',
  tags: ['Operators'],
  summary: 'List differences from Stripe, most recently seen first',
  request: {
    query: z.object({
      state: z.enum(DRIFT_STATES).optional().describe('By default all states.'),
      kind: z.enum(DRIFT_KINDS).optional(),
      subscription_id: z.uuid().optional().describe('The id in this API, not at Stripe.'),
      after: stripeText.optional().describe('The last `key` of the previous page.'),
      limit: limitField,
    }),
  },
  responses: {
    200: findingsResponse('A page of differences.'),
    ...problemResponses(...OPERATOR_PROBLEMS),
  },
})

const dismissRoute = createRoute({
  operationId: 'dismissDrift',
  callers: 'operator',
  method: 'post',
  path: '/admin/drift/dismiss',
  tags: ['Operators'],
  summary: 'Dismiss differences',
  description:
    'A dismissed difference stays closed until it changes. Nothing changes here or at Stripe. Keys that are unknown or already closed are ignored.',
  request: {
    body: jsonBody(
      requestObject({
        keys: z.array(stripeText).min(1).max(LIST_MAX),
        reason: reasonField,
      }).openapi('DriftDismissal'),
    ),
  },
  responses: {
    200: findingsResponse('The differences that were open.'),
    ...problemResponses('malformed_json', ...OPERATOR_PROBLEMS),
  },
})

/** Differences between this service and Stripe: the list, and dismissing them. */
export const drift = ({ repositories, clock }: ApiDependencies) =>
  new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(listRoute, async (c) => {
      const { limit, after, subscription_id: subscriptionId, ...filter } = c.req.valid('query')
      const found = await repositories.drift.list({ ...filter, subscriptionId }, { limit, after })
      return c.json({ findings: found.map(viewOfFinding) }, 200)
    })
    .openapi(dismissRoute, async (c) => {
      const operator = operatorOf(c)
      const { keys, reason } = c.req.valid('json')
      const how = { state: 'dismissed', by: `${operator.keyId}: ${reason}` } as const
      const closed = await repositories.drift.close(keys, how, clock.now())
      return c.json({ findings: closed.map(viewOfFinding) }, 200)
    })

const viewOfFinding = (finding: DriftFinding): z.infer<typeof findingSchema> => ({
  key: finding.key,
  kind: finding.kind,
  subscription_id: finding.subscriptionId,
  stripe_id: finding.stripeId,
  detail: finding.detail,
  remedy: finding.remedy,
  state: finding.state,
  found_at: finding.foundAt.toISOString(),
  seen_at: finding.seenAt.toISOString(),
  closed_at: finding.closedAt?.toISOString() ?? null,
  closed_by: finding.closedBy,
})
