import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { ApiDependencies, ApiEnvironment } from './environment.ts'
import { jsonContent } from './json.ts'
import { createRoute } from './route.ts'

const healthRoute = createRoute({
  operationId: 'getHealth',
  callers: 'anyone',
  method: 'get',
  path: '/healthz',
  tags: ['Health'],
  summary: 'Liveness',
  responses: {
    200: {
      description: 'The process is running.',
      content: jsonContent(z.object({ status: z.literal('ok') })),
    },
  },
})

const readinessSchema = z
  .object({
    status: z.enum(['ready', 'not_ready']),
    parts: z.record(z.string(), z.enum(['ready', 'not_ready'])),
  })
  .openapi('Readiness')

const readyRoute = createRoute({
  operationId: 'getReadiness',
  callers: 'anyone',
  method: 'get',
  path: '/readyz',
  tags: ['Health'],
  summary: 'Readiness',
  responses: {
    200: {
      description: 'Postgres and Temporal answer.',
      content: jsonContent(readinessSchema),
    },
    503: {
      description: 'At least one of them does not answer.',
      content: jsonContent(readinessSchema),
    },
  },
})

/** Liveness and readiness, for load balancers and orchestrators. */
export const health = ({ readiness, logger }: ApiDependencies) => {
  const isReady = async (name: string, ping: () => Promise<void>) => {
    try {
      await ping()
      return [name, 'ready'] as const
    } catch (error) {
      logger.warn({ err: error, part: name }, 'not ready')
      return [name, 'not_ready'] as const
    }
  }
  return new OpenAPIHono<ApiEnvironment>()
    .openapi(healthRoute, (c) => c.json({ status: 'ok' as const }, 200))
    .openapi(readyRoute, async (c) => {
      const all = Object.entries(readiness).map(([name, ping]) => isReady(name, ping))
      const parts = Object.fromEntries(await Promise.all(all))
      const ready = Object.values(parts).every((state) => state === 'ready')
      return ready
        ? c.json({ status: 'ready' as const, parts }, 200)
        : c.json({ status: 'not_ready' as const, parts }, 503)
    })
}
