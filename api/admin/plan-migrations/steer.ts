import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import {
  isEnded,
  STEERED_STATES,
  type PlanMigration,
  type SteeredState,
} from '../../../domain/migration/plan-migration.ts'
import type { Steer } from '../../../workflows/plan-migration-contract.ts'
import { operatorOf } from '../../auth/operator.ts'
import type { ApiDependencies, ApiEnvironment } from '../../environment.ts'
import { idempotencyHeader, idempotencyKeyOf } from '../../idempotency.ts'
import { jsonBody, jsonContent } from '../../json.ts'
import { OPERATOR_PROBLEMS, problem, problemResponses } from '../../problem.ts'
import { validationHook } from '../../validation.ts'
import { missing, params } from './read.ts'
import { migrationSchema, viewOfMigration } from './view.ts'
import { createRoute } from '../../route.ts'
import { requestObject } from '../../request-object.ts'

const STEER_OF: Record<SteeredState, Steer> = {
  paused: 'pause',
  running: 'go_on',
  stopped: 'stop',
  rolled_back: 'roll_back',
}

const route = createRoute({
  operationId: 'steerPlanMigration',
  callers: 'operator',
  method: 'put',
  path: '/admin/plan-migrations/{id}/state',
  tags: ['Catalogue'],
  summary: 'Pause, continue, stop or roll back a migration',
  description:
    '`running` continues a paused migration, and approves the rest after the canary. `stopped` ends the migration permanently. `rolled_back` moves subscriptions back to their previous version, also after the migration is done or stopped. Subscriptions that have changed again since their migration keep their state.',
  request: {
    headers: idempotencyHeader,
    params,
    body: jsonBody(requestObject({ state: z.enum(STEERED_STATES) })),
  },
  responses: {
    200: { description: 'The migration as it is now.', content: jsonContent(migrationSchema) },
    ...problemResponses(
      'malformed_json',
      'migration_not_found',
      'migration_over',
      'migration_not_steerable',
      'workflow_unavailable',
      ...OPERATOR_PROBLEMS,
    ),
  },
})

/** Pauses, continues, stops or rolls back a migration. */
export const steerMigration = (dependencies: ApiDependencies) => {
  const { planMigrations } = dependencies.repositories
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook }).openapi(
    route,
    async (c) => {
      const operator = operatorOf(c)
      const migration = await planMigrations.find(c.req.valid('param').id)
      if (migration === undefined) return missing(c)
      const { state: wanted } = c.req.valid('json')
      // A repeat finds the migration in the wanted state and changes nothing.
      if (migration.state === wanted) return answerMigration(c, dependencies, migration)
      const canRollBack = wanted === 'rolled_back' && !migration.dryRun
      if (isEnded(migration.state) && (!canRollBack || migration.state === 'rolled_back'))
        return problem(
          c,
          'migration_over',
          `The migration is ${migration.state}. Start another one with POST /admin/plan-migrations.`,
        )
      const commandId = idempotencyKeyOf(c)
      return steer(c, dependencies, { migration, wanted, commandId, keyId: operator.keyId })
    },
  )
}

type SteerCall = {
  readonly migration: PlanMigration
  readonly wanted: SteeredState
  readonly commandId: string
  /** The operator's API key. */
  readonly keyId: string
}

async function steer(
  c: Context<ApiEnvironment>,
  dependencies: ApiDependencies,
  { migration, wanted, commandId, keyId }: SteerCall,
) {
  const { repositories, migrationWorkflows, clock } = dependencies
  const to = await repositories.plans.getVersion(migration.to)
  const reply = await migrationWorkflows.steer({ migration, to, commandId }, STEER_OF[wanted])
  switch (reply.kind) {
    case 'answered':
      // The key of the action makes a repeat record nothing again.
      await repositories.usageExtras.noteAction(
        `steer/${migration.id}/${commandId}`,
        {
          action: 'steer_plan_migration',
          userId: null,
          before: { migration_id: migration.id, state: migration.state },
          after: { migration_id: migration.id, state: wanted },
        },
        { at: clock.now(), keyId, askedBy: null },
      )
      return answerMigration(c, dependencies, migration)
    case 'rejected':
      return problem(
        c,
        'migration_not_steerable',
        `The migration is ${migration.state} and cannot become ${wanted} now.`,
      )
    case 'closed':
      return problem(c, 'migration_over', 'The migration has just ended. Read it again.')
    case 'unavailable':
      return problem(
        c,
        'workflow_unavailable',
        'The migration did not answer in time. Repeat the request with the same Idempotency-Key to get its result.',
      )
  }
}

/** The migration as it is now. */
async function answerMigration(
  c: Context<ApiEnvironment>,
  { repositories: { planMigrations, plans } }: ApiDependencies,
  migration: PlanMigration,
) {
  const now = (await planMigrations.find(migration.id)) ?? migration
  const report = await planMigrations.report(migration.id)
  return c.json(await viewOfMigration(now, report, plans), 200)
}
