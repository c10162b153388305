import { OpenAPIHono, z } from '@hono/zod-openapi'
import {
  bucketsBetween,
  HISTORY_BUCKETS,
  HISTORY_BUCKETS_MAX,
  type HistoryBucket,
} from '../../domain/usage/history.ts'
import { isTimeZone } from '../../domain/zoned-calendar.ts'
import { userOf } from '../auth/user.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonContent } from '../json.ts'
import { problem, problemResponses, USER_PROBLEMS } from '../problem.ts'
import { givenInstant } from '../instant.ts'
import { createShares } from '../shares.ts'
import { validationHook } from '../validation.ts'
import { usageFields } from './request.ts'
import { createRoute } from '../route.ts'

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
    .describe('An IANA time zone, such as `America/Sao_Paulo`. Buckets begin in it.'),
})

const historySchema = z
  .object({
    feature: z.string(),
    bucket: z.enum(HISTORY_BUCKETS),
    buckets: z.array(
      z.object({
        start: instant,
        end: instant,
        used_amount: z.int().describe('Without returned usage; can be negative.'),
        overage_amount: z.int(),
        events: z.int(),
      }),
    ),
  })
  .openapi('UsageHistory')

const route = createRoute({
  operationId: 'getUsageHistory',
  callers: 'reader',
  method: 'get',
  path: '/usage/history',
  tags: ['Usage'],
  summary: 'Get the usage of a feature over time',
  description: `Whole buckets, including empty ones, from the one that contains \`from\` up to \`to\`; at most ${HISTORY_BUCKETS_MAX}. Usage of all subscriptions of the user counts in the bucket in which it occurred.`,
  request: { query: querySchema },
  responses: {
    200: {
      description: 'The buckets, oldest first.',
      content: jsonContent(historySchema),
    },
    ...problemResponses('rate_limited', ...USER_PROBLEMS),
  },
})

/**
 * Summing a large ledger for the first time takes seconds of the database. So one question of a user runs at a time, and two of
 * all users: most connections stay free for calls that take milliseconds. The database's processors are shared too, so in each
 * process a user’s questions take a quarter of one, and half of one while a long ledger is summed.
 */
const SHARES = { together: 2, perCaller: 10, restTimes: 3 }

/** The usage of one feature in buckets of time. */
export const usageHistory = ({ repositories, clock }: ApiDependencies) => {
  const share = createShares(SHARES)
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook }).openapi(
    route,
    async (c) => {
      const user = userOf(c)
      const { feature, from, to, bucket, time_zone: timeZone } = c.req.valid('query')
      const wrong = mistakeIn({ from, to, bucket, timeZone })
      if (wrong !== undefined)
        return problem(c, 'invalid_request', `\`${wrong.field}\` ${wrong.detail}.`, {
          errors: [wrong],
        })
      const question = { userId: user.userId, feature, from, to, bucket, timeZone }
      const buckets = await share(user.userId, () =>
        repositories.usage.history(question, clock.now()),
      )
      if (buckets === 'unsummed')
        return problem(c, 'rate_limited', UNSUMMED, { headers: { 'retry-after': '1' } })
      if (buckets === 'too_many')
        return problem(c, 'rate_limited', TOO_MANY, { headers: { 'retry-after': '1' } })
      return c.json({ feature, bucket, buckets: buckets.map(viewOfBucket) }, 200)
    },
  )
}

const TOO_MANY = `At most ${SHARES.perCaller} questions about one user wait at once. Repeat the request when the others are answered.`
const UNSUMMED =
  'The history of this feature is very long and is being summed. Repeat the request to continue.'

type Range = Pick<
  Parameters<ApiDependencies['repositories']['usage']['history']>[0],
  'from' | 'to' | 'bucket' | 'timeZone'
>

function mistakeIn({ from, to, bucket, timeZone }: Range) {
  if (to <= from) return { field: 'to', detail: 'must be after `from`' }
  if (bucketsBetween(from, to, bucket) > HISTORY_BUCKETS_MAX)
    return {
      field: 'bucket',
      detail: `must be larger: the range has more than ${HISTORY_BUCKETS_MAX} buckets`,
    }
  if (!isTimeZone(timeZone)) return { field: 'time_zone', detail: 'must be an IANA time zone' }
  return undefined
}

const viewOfBucket = (bucket: HistoryBucket) => ({
  start: bucket.startsAt.toISOString(),
  end: bucket.endsAt.toISOString(),
  used_amount: bucket.usedAmount,
  overage_amount: bucket.overageAmount,
  events: bucket.events,
})
