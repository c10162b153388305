import { OpenAPIHono } from '@hono/zod-openapi'
import { derivedUuid } from '../../../adapters/secrets/derived-uuid.ts'
import { planMigrationKey } from '../../../domain/keys.ts'
import type { RouteConflict } from '../../../domain/migration/plan-migration.ts'
import { operatorOf } from '../../auth/operator.ts'
import type { ApiDependencies, ApiEnvironment } from '../../environment.ts'
import { answerOnce, idempotencyHeader, problemAnswer } from '../../idempotency.ts'
import { jsonBody, jsonContent } from '../../json.ts'
import { OPERATOR_PROBLEMS, problemResponses, type ProblemCode } from '../../problem.ts'
import { validationHook } from '../../validation.ts'
import { requestSchema, termsOf } from './request.ts'
import { migrationSchema, viewOfMigration } from './view.ts'
import { createRoute } from '../../route.ts'
import { below } from '../../links.ts'

const route = createRoute({
  operationId: 'createPlanMigration',
  leadsTo: [below('/admin/plan-migrations/{id}', { id: '$response.body#/id' })],
  callers: 'operator',
  method: 'post',
  path: '/admin/plan-migrations',
  tags: ['Catalogue'],
  summary: 'Migrate subscriptions to another version',
  description:
    'Finds all subscriptions with the versions in `from`, migrates a canary, waits for approval, and migrates the others. Skips subscriptions that are about to end, have a pending change or are behind with a payment, and reports them. A dry run reports the outcome and the cost for each subscription.',
  request: { headers: idempotencyHeader, body: jsonBody(requestSchema) },
  responses: {
    201: {
      description: 'The migration, which has started.',
      content: jsonContent(migrationSchema),
    },
    ...problemResponses(
      'malformed_json',
      'plan_version_not_found',
      'plan_version_not_published',
      'plan_version_retired',
      'plan_version_custom',
      'migration_cycle',
      'migration_overlap',
      'idempotency_key_reused',
      'workflow_unavailable',
      ...OPERATOR_PROBLEMS,
    ),
  },
})

/** Starts a migration. Its id is derived from the idempotency key, so a repeat starts no second one. */
export const createMigration = (dependencies: ApiDependencies) => {
  const { repositories, clock, migrationWorkflows } = dependencies
  const { catalogue, planMigrations, plans } = repositories
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook }).openapi(
    route,
    async (c) => {
      const operator = operatorOf(c)
      const request = c.req.valid('json')
      const by = operator.keyId
      const keyed = {
        caller: `operator/${by}`,
        request: { operation: 'create-plan-migration', request },
      }
      return answerOnce(c, dependencies, keyed, async ({ key }) => {
        const found = await termsOf(request, catalogue)
        if (found.kind === 'refused') return problemAnswer(c, found.code, found.detail)
        const id = derivedUuid(planMigrationKey(by, key))
        const created = await planMigrations.create({
          id,
          terms: found.terms,
          by,
          at: clock.now(),
        })
        if (created.kind === 'conflict')
          return problemAnswer(c, ...CONFLICTS[created.conflict.kind](created.conflict))
        const { migration } = created
        const to = await plans.getVersion(migration.to)
        const started = await migrationWorkflows.start(migration, to)
        // The row is committed. A repeat with the same key finds it and starts its workflow.
        if (started.kind !== 'answered')
          return problemAnswer(
            c,
            'workflow_unavailable',
            'The migration could not start in time. Repeat the request with the same Idempotency-Key.',
          )
        const report = await planMigrations.report(id)
        return { status: 201, body: await viewOfMigration(migration, report, plans) }
      })
    },
  )
}

const CONFLICTS: Record<RouteConflict['kind'], (conflict: RouteConflict) => [ProblemCode, string]> =
  {
    cycle: ({ with: other }) => [
      'migration_cycle',
      other === null
        ? 'The version in `to` is also in `from`. Remove it from `from`.'
        : `Migration ${other} leads to a version in \`from\`. Stop it, or wait until it has ended.`,
    ],
    overlap: ({ with: other }) => [
      'migration_overlap',
      `Migration ${other} migrates subscriptions of the same versions. Stop it, or wait until it has ended.`,
    ],
  }
