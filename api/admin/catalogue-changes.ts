import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonContent } from '../json.ts'
import { validationHook } from '../validation.ts'
import { readProblems } from './catalogue.ts'
import { instant, limitField } from './request.ts'
import { createRoute } from '../route.ts'

const schema = z
  .object({
    changes: z.array(
      z.object({
        id: z.int(),
        at: instant,
        by: z.string().describe('The id of an API key, or the name of a CLI command.'),
        kind: z.string(),
        subject: z
          .string()
          .describe(
            'The code of a feature, the slug of a plan, or a version such as `plan_pro/2`.',
          ),
        before: z.looseObject({}).nullable(),
        after: z.looseObject({}).nullable(),
      }),
    ),
  })
  .openapi('CatalogueChanges')

const route = createRoute({
  operationId: 'listCatalogueChanges',
  callers: 'operator',
  method: 'get',
  path: '/admin/catalogue/changes',
  tags: ['Catalogue'],
  summary: 'List changes of the catalogue, newest first',
  request: { query: z.object({ limit: limitField }) },
  responses: {
    200: {
      description: 'Each change with the state before and after it.',
      content: jsonContent(schema),
    },
    ...readProblems,
  },
})

/** The history of the catalogue. */
export const catalogueChanges = ({ repositories: { catalogue } }: ApiDependencies) =>
  new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook }).openapi(route, async (c) => {
    const found = await catalogue.listChanges(c.req.valid('query').limit)
    const changes = found.map(({ at, before, after, ...change }) => ({
      ...change,
      at: at.toISOString(),
      before: before && { ...before },
      after: after && { ...after },
    }))
    return c.json({ changes }, 200)
  })
