import { OpenAPIHono, z } from '@hono/zod-openapi'
import { SCOPES, type ReconciliationRun } from '../../domain/stripe/reconciliation.ts'
import { operatorOf } from '../auth/operator.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonBody, jsonContent } from '../json.ts'
import { OPERATOR_PROBLEMS, problem, problemResponses } from '../problem.ts'
import { validationHook } from '../validation.ts'
import { instant, limitField } from './request.ts'
import { createRoute } from '../route.ts'
import { requestObject } from '../request-object.ts'

/** More repairs than any deployment needs in one run. */
const REPAIRS_MAX = 1_000_000

const runSchema = z
  .object({
    id: z.uuid(),
    cause: z.string().describe('The operator or the event that has started it.'),
    dry_run: z.boolean(),
    started_at: instant,
    finished_at: instant.nullable(),
    listed: z.int().describe('The number of objects that Stripe has listed.'),
    found: z.int().describe('The number of differences.'),
    repaired: z.int(),
  })
  .openapi('Reconciliation')

const listRoute = createRoute({
  operationId: 'listReconciliations',
  callers: 'operator',
  method: 'get',
  path: '/admin/reconciliations',
  tags: ['Operators'],
  summary: 'List reconciliations with Stripe, newest first',
  request: { query: z.object({ limit: limitField }) },
  responses: {
    200: {
      description: 'The reconciliations. `/admin/drift` lists their differences.',
      content: jsonContent(z.object({ reconciliations: z.array(runSchema) })),
    },
    ...problemResponses(...OPERATOR_PROBLEMS),
  },
})

const startRoute = createRoute({
  operationId: 'startReconciliation',
  callers: 'operator',
  method: 'post',
  path: '/admin/reconciliations',
  tags: ['Operators'],
  summary: 'Reconcile with Stripe now',
  description:
    'A workflow compares everything with Stripe, page by page. It applies Stripe’s state here, imports missing subscriptions and restores our metadata at Stripe. It never moves money. Repeating it is safe.',
  request: {
    body: jsonBody(
      requestObject({
        scope: z
          .enum(SCOPES)
          .default('all')
          .describe('`import` only looks for subscriptions that are missing here.'),
        dry_run: z
          .boolean()
          .default(true)
          .describe('Whether to report differences without repairing them.'),
        repairs_max: z
          .int()
          .min(0)
          .max(REPAIRS_MAX)
          .default(100)
          .describe('Further differences are reported and left for the next reconciliation.'),
      }).openapi('ReconciliationRequest'),
    ),
  },
  responses: {
    202: {
      description: 'The reconciliation has started.',
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

/** Full comparisons with Stripe: the list, and starting one. */
export const reconciliations = (dependencies: ApiDependencies) => {
  const { repositories, reconciliations: workflows, logger } = dependencies
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(listRoute, async (c) => {
      const runs = await repositories.reconciliations.list(c.req.valid('query').limit)
      return c.json({ reconciliations: runs.map(viewOfRun) }, 200)
    })
    .openapi(startRoute, async (c) => {
      const operator = operatorOf(c)
      const { scope, dry_run: dryRun, repairs_max: repairsMax } = c.req.valid('json')
      const cause = `operator ${operator.keyId}`
      try {
        const workflowId = await workflows.start({ cause, scope, dryRun, repairsMax })
        return c.json({ workflow_id: workflowId }, 202)
      } catch (error) {
        logger.warn({ err: error }, 'a reconciliation was not started')
        return problem(
          c,
          'workflow_unavailable',
          'Temporal does not answer. Repeat the request in a moment.',
        )
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
