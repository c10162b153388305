import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { derivedUuid } from '../../../adapters/secrets/derived-uuid.ts'
import { planMigrationKey } from '../../../domain/keys.ts'
import type { RouteConflict } from '../../../domain/migration/plan-migration.ts'
import { operatorOf } from '../../auth/operator.ts'
import type { ApiDependencies, ApiEnvironment } from '../../environment.ts'
import {
  idempotencyHeader,
  newIdempotencyKey,
  once,
  render,
  type Answer,
} from '../../idempotency.ts'
import { jsonBody, jsonContent } from '../../json.ts'
import { problem, problemBody, problemResponses, type ProblemCode } from '../../problem.ts'
import { validationHook } from '../../validation.ts'

import { requestSchema, termsOf } from './request.ts'
import { migrationSchema, viewOfMigration } from './view.ts'

const route = createRoute({
  method: 'post',
  path: '/admin/plan-migrations',
  tags: ['Catalogue'],
  summary: 'Move subscribers to another version',
  description:
    'Looks at all who have the versions, moves a canary, waits for approval, and moves the others. Whoever is leaving, has a change of their own pending or is behind with payment is skipped and named. A dry run says what would happen to each, and what it costs.',
  request: { headers: idempotencyHeader, body: jsonBody(requestSchema) },
  responses: {
    201: { description: 'It has begun.', content: jsonContent(migrationSchema) },
    ...problemResponses(
      'malformed_json',
      'unauthenticated',
      'forbidden',
      'plan_version_not_found',
      'plan_version_not_published',
      'plan_version_retired',
      'plan_version_custom',
      'migration_cycle',
      'migration_overlap',
      'invalid_request',
      'idempotency_key_reused',
      'workflow_unavailable',
      'database_unavailable',
    ),
  },
})

export const createMigration = ({ repositories, clock, migrationWorkflows }: ApiDependencies) => {
  const { catalogue, planMigrations, plans, idempotency } = repositories
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook }).openapi(
    route,
    async (c) => {
      const operator = operatorOf(c)
      if (operator.kind === 'refused') return operator.answer
      const request = c.req.valid('json')
      const key = c.req.valid('header')['idempotency-key'] ?? newIdempotencyKey()
      const by = operator.keyId
      const refuse = (code: ProblemCode, detail: string): Answer => {
        const refusal = problemBody(code, detail, c.get('requestId'))
        return { status: refusal.status, body: refusal }
      }
      const keyed = {
        idempotency,
        caller: `operator/${by}`,
        key,
        request: { operation: 'create-plan-migration', request },
        at: clock.now(),
      }
      const answer = await once(keyed, async () => {
        const asked = await termsOf(request, catalogue)
        if (asked.kind === 'refused') return refuse(asked.code, asked.detail)
        const id = derivedUuid(planMigrationKey(by, key))
        const { terms } = asked
        const created = await planMigrations.create({ id, terms, by, at: clock.now() })
        if (created.kind === 'conflict')
          return refuse(...CONFLICTS[created.conflict.kind](created.conflict))
        const { migration } = created
        const started = await migrationWorkflows.start(
          migration,
          await plans.getVersion(migration.to),
        )
        // Nothing is lost: the repeat finds the row and starts its workflow.
        if (started.kind !== 'answered')
          return refuse(
            'workflow_unavailable',
            'It was not begun in time. Ask again with the same Idempotency-Key.',
          )
        const report = await planMigrations.report(id)
        return { status: 201, body: await viewOfMigration(migration, report, plans) }
      })
      return answer.kind === 'reused'
        ? problem(c, 'idempotency_key_reused', 'This Idempotency-Key came with another request.')
        : render(answer)
    },
  )
}

const CONFLICTS: Record<RouteConflict['kind'], (conflict: RouteConflict) => [ProblemCode, string]> =
  {
    cycle: ({ with: other }) => [
      'migration_cycle',
      other === null
        ? 'The version that it leads to is among those that it leads from: take it out of `from`.'
        : `Migration ${other} leads to where this one begins: stop it, or wait until it has ended.`,
    ],
    overlap: ({ with: other }) => [
      'migration_overlap',
      `Migration ${other} moves subscribers of the same versions: stop it, or wait until it has ended.`,
    ],
  }
