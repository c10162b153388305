import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import {
  bucketsBetween,
  HISTORY_BUCKETS,
  HISTORY_BUCKETS_MAX,
  type HistoryBucket,
} from '../../domain/usage/history.ts'
import { isTimeZone } from '../../domain/zoned-calendar.ts'
import { readerOf } from '../auth/user.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonContent } from '../json.ts'
import { problem, problemResponses } from '../problem.ts'
import { givenInstant } from '../instant.ts'
import { validationHook } from '../validation.ts'
import { usageFields } from './request.ts'

const instant = z.iso.datetime()

const querySchema = z.object({
  feature: usageFields.feature,
  from: givenInstant,
  to: givenInstant,
  bucket: z.enum(HISTORY_BUCKETS).default('day'),
  time_zone: z
    .string()
    .max(64)
    .default('UTC')
    .describe('An IANA name, such as `America/Sao_Paulo`: by its clocks buckets begin.'),
})

const historySchema = z
  .object({
    feature: z.string(),
    bucket: z.enum(HISTORY_BUCKETS),
    buckets: z.array(
      z.object({
        start: instant,
        end: instant,
        used_amount: z.int().describe('Less what was given back: it may be negative.'),
        overage_amount: z.int(),
        events: z.int(),
      }),
    ),
  })
  .openapi('UsageHistory')

const route = createRoute({
  method: 'get',
  path: '/usage/history',
  tags: ['Usage'],
  summary: 'What was used of a feature over time',
  description: `Whole buckets from the one that holds \`from\` to the one before \`to\`, empty ones too; at most ${HISTORY_BUCKETS_MAX}. Usage stands where it occurred, over all subscriptions of the user.`,
  request: { query: querySchema },
  responses: {
    200: {
      description: 'In order of time.',
      content: jsonContent(historySchema),
    },
    ...problemResponses(
      'user_missing',
      'unauthenticated',
      'forbidden',
      'invalid_request',
      'database_unavailable',
    ),
  },
})

export const usageHistory = ({ repositories }: ApiDependencies) =>
  new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook }).openapi(route, async (c) => {
    const user = readerOf(c)
    if (user.kind === 'refused') return user.answer
    const { feature, from, to, bucket, time_zone: timeZone } = c.req.valid('query')
    const wrong = mistakeIn({ from, to, bucket, timeZone })
    if (wrong !== undefined)
      return problem(c, 'invalid_request', `Not valid: \`${wrong.field}\`.`, { errors: [wrong] })
    const question = { userId: user.userId, feature, from, to, bucket, timeZone }
    const buckets = await repositories.usage.history(question)
    return c.json({ feature, bucket, buckets: buckets.map(viewOfBucket) }, 200)
  })

type WorkflowReply = Pick<
  Parameters<ApiDependencies['repositories']['usage']['history']>[0],
  'from' | 'to' | 'bucket' | 'timeZone'
>

function mistakeIn({ from, to, bucket, timeZone }: WorkflowReply) {
  if (to <= from) return { field: 'to', detail: 'must lie after `from`' }
  if (bucketsBetween(from, to, bucket) > HISTORY_BUCKETS_MAX)
    return {
      field: 'bucket',
      detail: `more than ${HISTORY_BUCKETS_MAX} of them lie between \`from\` and \`to\`: take larger ones or a shorter time`,
    }
  if (!isTimeZone(timeZone)) return { field: 'time_zone', detail: 'no IANA time zone' }
  return undefined
}

const viewOfBucket = (bucket: HistoryBucket) => ({
  start: bucket.startsAt.toISOString(),
  end: bucket.endsAt.toISOString(),
  used_amount: bucket.usedAmount,
  overage_amount: bucket.overageAmount,
  events: bucket.events,
})
