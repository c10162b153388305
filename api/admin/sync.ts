import { OpenAPIHono, z } from '@hono/zod-openapi'
import { DRIFT_KINDS } from '../../domain/stripe/drift.ts'
import { EVENTS_CURSOR } from '../../domain/stripe/sync-cursor.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonContent } from '../json.ts'
import { problemResponses } from '../problem.ts'
import { instant } from './request.ts'
import { createRoute } from '../route.ts'

const schema = z
  .object({
    inbox: z.object({
      received: z.int().describe('Not yet forwarded to their workflows.'),
      forwarded: z.int().describe('Forwarded and not yet applied.'),
      parked: z.int(),
      lag_seconds: z.number().describe('The age of the oldest event that is not yet applied.'),
    }),
    events_read_to: instant
      .nullable()
      .describe('Stripe’s list of events was read up to this time; null before the first reading.'),
    drift: z
      .array(z.object({ kind: z.enum(DRIFT_KINDS), open: z.int() }))
      .describe('The number of open differences of each kind.'),
    compared_at: instant
      .nullable()
      .describe('When the last full comparison with Stripe has finished.'),
  })
  .openapi('SyncFigures')

const route = createRoute({
  operationId: 'getSyncFigures',
  callers: 'operator',
  method: 'get',
  path: '/admin/sync',
  tags: ['Operators'],
  summary: 'Get the state of the synchronization with Stripe',
  responses: {
    200: { description: 'The current figures.', content: jsonContent(schema) },
    ...problemResponses('unauthenticated', 'forbidden', 'database_unavailable'),
  },
})

/** Enough to find the last finished run after those that are still running. */
const RUNS_MAX = 20

/** The state of the synchronization with Stripe. */
export const syncFigures = ({ repositories, clock }: ApiDependencies) =>
  new OpenAPIHono<ApiEnvironment>().openapi(route, async (c) => {
    const { stripeInbox, syncCursors, drift, reconciliations } = repositories
    const [inbox, cursor, open, runs] = await Promise.all([
      stripeInbox.figures(),
      syncCursors.find(EVENTS_CURSOR),
      drift.count(),
      reconciliations.list(RUNS_MAX),
    ])
    const { oldestReceivedAt, ...counts } = inbox
    const lagMs = clock.now().getTime() - (oldestReceivedAt ?? clock.now()).getTime()
    const ended = runs.map(({ finishedAt }) => finishedAt?.toISOString()).find(Boolean)
    return c.json(
      {
        inbox: { ...counts, lag_seconds: Math.max(0, lagMs / 1_000) },
        events_read_to: cursor?.toISOString() ?? null,
        drift: open,
        compared_at: ended ?? null,
      },
      200,
    )
  })
