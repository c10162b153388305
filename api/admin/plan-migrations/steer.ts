import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import {
  isEnded,
  STEERED_STATES,
  type SteeredState,
} from '../../../domain/migration/plan-migration.ts'
import type { Steer } from '../../../workflows/contract.ts'
import { operatorOf } from '../../auth/operator.ts'
import type { ApiDependencies, ApiEnvironment } from '../../environment.ts'
import { idempotencyHeader, newIdempotencyKey } from '../../idempotency.ts'
import { jsonBody, jsonContent } from '../../json.ts'
import { problem, problemResponses } from '../../problem.ts'
import { validationHook } from '../../validation.ts'

import { params } from './read.ts'
import { migrationSchema, viewOfMigration } from './view.ts'

const STEER_OF: Record<SteeredState, Steer> = {
  paused: 'pause',
  running: 'go_on',
  stopped: 'stop',
  rolled_back: 'roll_back',
}

const route = createRoute({
  method: 'put',
  path: '/admin/plan-migrations/{id}/state',
  tags: ['Catalogue'],
  summary: 'Pause a migration, let it go on, stop it or roll it back',
  description:
    '`running` also approves what follows the canary. `stopped` moves nobody any more, for good. `rolled_back` takes every move back that is still as the migration made it, also of one that is done or was stopped; who has decided something else since keeps that.',
  request: {
    headers: idempotencyHeader,
    params,
    body: jsonBody(z.strictObject({ state: z.enum(STEERED_STATES) })),
  },
  responses: {
    200: { description: 'The migration as it is now.', content: jsonContent(migrationSchema) },
    ...problemResponses(
      'malformed_json',
      'unauthenticated',
      'forbidden',
      'migration_not_found',
      'migration_over',
      'migration_not_steerable',
      'invalid_request',
      'workflow_unavailable',
      'database_unavailable',
    ),
  },
})

export const steerMigration = ({ repositories, migrationWorkflows, clock }: ApiDependencies) => {
  const { planMigrations, plans, usageExtras } = repositories
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook }).openapi(
    route,
    async (c) => {
      const operator = operatorOf(c)
      if (operator.kind === 'refused') return operator.answer
      const { id } = c.req.valid('param')
      const migration = await planMigrations.find(id)
      if (migration === undefined)
        return problem(c, 'migration_not_found', 'There is no such migration.')
      const { state: wanted } = c.req.valid('json')
      const view = async () =>
        viewOfMigration(
          (await planMigrations.find(id)) ?? migration,
          await planMigrations.report(id),
          plans,
        )
      // What is so already is answered: a repeat changes nothing.
      if (migration.state === wanted) return c.json(await view(), 200)
      const canRollBack = wanted === 'rolled_back' && !migration.dryRun
      if (isEnded(migration.state) && (!canRollBack || migration.state === 'rolled_back'))
        return problem(
          c,
          'migration_over',
          `The migration is ${migration.state}. Begin another one by POST /admin/plan-migrations.`,
        )
      const commandId = c.req.valid('header')['idempotency-key'] ?? newIdempotencyKey()
      const to = await plans.getVersion(migration.to)
      const asked = await migrationWorkflows.steer({ migration, to, commandId }, STEER_OF[wanted])
      switch (asked.kind) {
        case 'answered':
          // Once per request: a repeat finds the migration as it wants it, or is the same command.
          await usageExtras.noteAction(
            `steer/${id}/${commandId}`,
            {
              action: 'steer_plan_migration',
              userId: null,
              before: { migration_id: id, state: migration.state },
              after: { migration_id: id, state: wanted },
            },
            { at: clock.now(), keyId: operator.keyId, askedBy: null },
          )
          return c.json(await view(), 200)
        case 'rejected':
          return problem(
            c,
            'migration_not_steerable',
            `It is ${migration.state} and cannot become ${wanted} now.`,
          )
        case 'closed':
          return problem(c, 'migration_over', 'The migration has just ended. Read it again.')
        case 'unavailable':
          return problem(
            c,
            'workflow_unavailable',
            'It was not answered in time, and may still happen. Ask again with the same Idempotency-Key.',
          )
      }
    },
  )
}
