import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { SCOPES, type ReconciliationRun } from '../../domain/stripe/reconciliation.ts'
import { operatorOf } from '../auth/operator.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonBody, jsonContent } from '../json.ts'
import { problem, problemResponses } from '../problem.ts'
import { validationHook } from '../validation.ts'
import { instant, limitField } from './request.ts'

/** More than this is no repair any more. */
const REPAIRS_MAX = 1_000_000

const runSchema = z
  .object({
    id: z.uuid(),
    cause: z.string().describe('Who wanted it.'),
    dry_run: z.boolean(),
    started_at: instant,
    finished_at: instant.nullable(),
    listed: z.int().describe('How much Stripe listed.'),
    found: z.int().describe('How much differed.'),
    repaired: z.int(),
  })
  .openapi('Reconciliation')

const listRoute = createRoute({
  method: 'get',
  path: '/admin/reconciliations',
  tags: ['Operators'],
  summary: 'Comparisons of everything with Stripe, the latest first',
  request: { query: z.object({ limit: limitField }) },
  responses: {
    200: {
      description: 'What each found is in `/admin/drift`.',
      content: jsonContent(z.object({ reconciliations: z.array(runSchema) })),
    },
    ...problemResponses('unauthenticated', 'forbidden', 'invalid_request', 'database_unavailable'),
  },
})

const startRoute = createRoute({
  method: 'post',
  path: '/admin/reconciliations',
  tags: ['Operators'],
  summary: 'Compare everything with Stripe now',
  description:
    'A workflow compares page by page. Stripe’s state is adopted, what is missing here is imported, our marks at Stripe are written again; money is never moved. Twice at once, or again, changes nothing more.',
  request: {
    body: jsonBody(
      z
        .strictObject({
          scope: z
            .enum(SCOPES)
            .default('all')
            .describe('`import` looks only for subscriptions that are not known here.'),
          dry_run: z.boolean().default(true).describe('Report, and mend nothing.'),
          repairs_max: z
            .int()
            .min(0)
            .max(REPAIRS_MAX)
            .default(100)
            .describe('What is found beyond this is reported and left for the next time.'),
        })
        .openapi('ReconciliationRequest'),
    ),
  },
  responses: {
    202: {
      description: 'It has begun.',
      content: jsonContent(z.object({ workflow_id: z.string() })),
    },
    ...problemResponses(
      'malformed_json',
      'unauthenticated',
      'forbidden',
      'invalid_request',
      'workflow_unavailable',
    ),
  },
})

export const reconciliations = (dependencies: ApiDependencies) => {
  const { repositories, reconciliations: comparisons, logger } = dependencies
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(listRoute, async (c) => {
      const operator = operatorOf(c)
      if (operator.kind === 'refused') return operator.answer
      const runs = await repositories.reconciliations.list(c.req.valid('query').limit)
      return c.json({ reconciliations: runs.map(viewOfRun) }, 200)
    })
    .openapi(startRoute, async (c) => {
      const operator = operatorOf(c)
      if (operator.kind === 'refused') return operator.answer
      const { scope, dry_run: dryRun, repairs_max: repairsMax } = c.req.valid('json')
      const cause = `operator ${operator.keyId}`
      try {
        const workflowId = await comparisons.start({ cause, scope, dryRun, repairsMax })
        return c.json({ workflow_id: workflowId }, 202)
      } catch (error) {
        logger.warn({ err: error }, 'a comparison was not begun')
        return problem(c, 'workflow_unavailable', 'Temporal does not answer. Try again.')
      }
    })
}

const viewOfRun = (run: ReconciliationRun): z.infer<typeof runSchema> => ({
  id: run.id,
  cause: run.cause,
  dry_run: run.dryRun,
  started_at: run.startedAt.toISOString(),
  finished_at: run.finishedAt?.toISOString() ?? null,
  listed: run.listed,
  found: run.found,
  repaired: run.repaired,
})
