import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import {
  DRIFT_KINDS,
  DRIFT_STATES,
  REMEDY_WORDS,
  type DriftFinding,
} from '../../domain/stripe/drift.ts'
import { operatorOf } from '../auth/operator.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonBody, jsonContent } from '../json.ts'
import { problemResponses } from '../problem.ts'
import { validationHook } from '../validation.ts'
import { instant, LIST_MAX, limitField, reasonField, stripeText } from './request.ts'

const findingSchema = z
  .object({
    key: z.string().describe('What is different, and of what: the same finding has the same key.'),
    kind: z.enum(DRIFT_KINDS),
    subscription_id: z.uuid().nullable(),
    stripe_id: z.string().nullable(),
    detail: z.string().describe('In words, for a person.'),
    remedy: z
      .enum(REMEDY_WORDS)
      .describe(
        'Who mends it. `adopt`: Stripe’s state is read again. `import`: it begins to be known here. `push`: it is written at Stripe again. `operator`: a person decides, as always where money would move.',
      ),
    state: z
      .enum(DRIFT_STATES)
      .describe('`repaired` by us, `resolved` by itself, `dismissed` by a person.'),
    found_at: instant,
    seen_at: instant.describe('When it was last seen.'),
    closed_at: instant.nullable(),
    closed_by: z.string().nullable(),
  })
  .openapi('DriftFinding')

const findingsResponse = (description: string) => ({
  description,
  content: jsonContent(z.object({ findings: z.array(findingSchema) })),
})

const listRoute = createRoute({
  method: 'get',
  path: '/admin/drift',
  tags: ['Operators'],
  summary: 'What differs between here and Stripe, the latest seen first',
  request: {
    query: z.object({
      state: z.enum(DRIFT_STATES).optional().describe('All of them without it.'),
      kind: z.enum(DRIFT_KINDS).optional(),
      subscription_id: z.uuid().optional().describe('Ours.'),
      after: stripeText.optional().describe('The last `key` of the page before.'),
      limit: limitField,
    }),
  },
  responses: {
    200: findingsResponse('A page.'),
    ...problemResponses('unauthenticated', 'forbidden', 'invalid_request', 'database_unavailable'),
  },
})

const dismissRoute = createRoute({
  method: 'post',
  path: '/admin/drift/dismiss',
  tags: ['Operators'],
  summary: 'Say that findings are as they should be, or were dealt with',
  description:
    'A dismissed finding stays closed while it says the same. Nothing changes at Stripe or here. What is closed already is left alone, and so is an unknown key.',
  request: {
    body: jsonBody(
      z
        .strictObject({
          keys: z.array(stripeText).min(1).max(LIST_MAX),
          reason: reasonField,
        })
        .openapi('DriftDismissal'),
    ),
  },
  responses: {
    200: findingsResponse('Those that were open.'),
    ...problemResponses(
      'malformed_json',
      'unauthenticated',
      'forbidden',
      'invalid_request',
      'database_unavailable',
    ),
  },
})

export const drift = ({ repositories, clock }: ApiDependencies) =>
  new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(listRoute, async (c) => {
      const operator = operatorOf(c)
      if (operator.kind === 'refused') return operator.answer
      const { limit, after, subscription_id: subscriptionId, ...filter } = c.req.valid('query')
      const found = await repositories.drift.list({ ...filter, subscriptionId }, { limit, after })
      return c.json({ findings: found.map(viewOfFinding) }, 200)
    })
    .openapi(dismissRoute, async (c) => {
      const operator = operatorOf(c)
      if (operator.kind === 'refused') return operator.answer
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
