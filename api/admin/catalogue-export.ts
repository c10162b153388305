import { OpenAPIHono, z } from '@hono/zod-openapi'
import { exportCatalogue, yamlOf } from '../../adapters/catalogue/export.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonContent } from '../json.ts'
import { OPERATOR_PROBLEMS, problemResponses } from '../problem.ts'
import { createRoute } from '../route.ts'
import { validationHook } from '../validation.ts'

const schema = z
  .object({
    features: z.record(z.string(), z.looseObject({})).describe('By code.'),
    plans: z.record(z.string(), z.looseObject({})).describe('By slug.'),
  })
  .openapi('CatalogueFile')

const route = createRoute({
  operationId: 'exportCatalogue',
  callers: 'operator',
  method: 'get',
  path: '/admin/catalogue',
  tags: ['Catalogue'],
  summary: 'Export the catalogue as a file',
  description:
    'All features, and each plan that is on sale for everybody, in the form that `planCatalogue` compares. Fields with their default are left out.',
  request: {
    query: z.object({
      format: z
        .enum(['json', 'yaml'])
        .default('json')
        .describe('`yaml` is a file for `perennial catalogue`.'),
    }),
  },
  responses: {
    200: {
      description: 'The catalogue.',
      content: { ...jsonContent(schema), 'application/yaml': { schema } },
    },
    ...problemResponses(...OPERATOR_PROBLEMS),
  },
})

/** Exports the catalogue, for a team that continues with a file. */
export const catalogueExport = ({ repositories: { catalogue } }: ApiDependencies) =>
  new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook }).openapi(route, async (c) => {
    const [features, plans] = await Promise.all([catalogue.listFeatures(), catalogue.listPlans()])
    const { format } = c.req.valid('query')
    const exported = exportCatalogue(features, plans)
    return format === 'yaml'
      ? c.body(yamlOf(exported), 200, { 'Content-Type': 'application/yaml' })
      : c.json({ features: { ...exported.features }, plans: { ...exported.plans } }, 200)
  })
