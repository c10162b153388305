import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { ITEM_STATES } from '../../../domain/migration/plan-migration.ts'
import type { ApiDependencies, ApiEnvironment } from '../../environment.ts'
import { jsonContent } from '../../json.ts'
import { OPERATOR_PROBLEMS, problem, problemResponses } from '../../problem.ts'
import { validationHook } from '../../validation.ts'
import { limitField } from '../request.ts'
import { itemSchema, migrationSchema, viewOfItem, viewOfMigration } from './view.ts'
import { createRoute } from '../../route.ts'

/** The path of one migration. */
export const params = z.object({ id: z.uuid() })
const problems = problemResponses('migration_not_found', ...OPERATOR_PROBLEMS)
const tags = ['Catalogue']

const listRoute = createRoute({
  operationId: 'listPlanMigrations',
  callers: 'operator',
  method: 'get',
  path: '/admin/plan-migrations',
  tags,
  summary: 'List plan migrations, newest first',
  request: { query: z.object({ limit: limitField }) },
  responses: {
    200: {
      description: 'The migrations with their reports.',
      content: jsonContent(z.object({ migrations: z.array(migrationSchema) })),
    },
    ...problems,
  },
})

const getRoute = createRoute({
  operationId: 'getPlanMigration',
  callers: 'operator',
  method: 'get',
  path: '/admin/plan-migrations/{id}',
  tags,
  summary: 'Get a migration with its progress and its effect on revenue',
  request: { params },
  responses: {
    200: { description: 'The migration.', content: jsonContent(migrationSchema) },
    ...problems,
  },
})

const itemsRoute = createRoute({
  operationId: 'listPlanMigrationItems',
  callers: 'operator',
  method: 'get',
  path: '/admin/plan-migrations/{id}/items',
  tags,
  summary: 'List the subscriptions of a migration',
  request: {
    params,
    query: z.object({
      state: z.enum(ITEM_STATES).optional(),
      after: z.uuid().optional().describe('The `next` of the previous page.'),
      limit: limitField,
    }),
  },
  responses: {
    200: {
      description: 'A page of subscriptions.',
      content: jsonContent(z.object({ items: z.array(itemSchema), next: z.uuid().nullable() })),
    },
    ...problems,
  },
})

/** The problem of an unknown migration. */
export const missing = (c: Context<ApiEnvironment>) =>
  problem(
    c,
    'migration_not_found',
    'There is no migration with this id. GET /admin/plan-migrations lists all migrations.',
  )

/** Migrations with their reports and subscriptions. */
export const readMigrations = ({ repositories: { planMigrations, plans } }: ApiDependencies) =>
  new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(listRoute, async (c) => {
      const found = await planMigrations.list(c.req.valid('query').limit)
      const migrations = []
      for (const each of found)
        migrations.push(await viewOfMigration(each, await planMigrations.report(each.id), plans))
      return c.json({ migrations }, 200)
    })
    .openapi(getRoute, async (c) => {
      const found = await planMigrations.find(c.req.valid('param').id)
      if (found === undefined) return missing(c)
      const report = await planMigrations.report(found.id)
      return c.json(await viewOfMigration(found, report, plans), 200)
    })
    .openapi(itemsRoute, async (c) => {
      const found = await planMigrations.find(c.req.valid('param').id)
      if (found === undefined) return missing(c)
      const { state = null, after = null, limit } = c.req.valid('query')
      const page = await planMigrations.listItems(found.id, { state, after, limit })
      const items = []
      for (const each of page) items.push(await viewOfItem(each, plans))
      const last = page.length < limit ? undefined : page.at(-1)
      return c.json({ items, next: last?.subscriptionId ?? null }, 200)
    })
