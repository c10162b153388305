import { OpenAPIHono, z } from '@hono/zod-openapi'
import { operatorOf } from '../auth/operator.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonBody, jsonContent } from '../json.ts'
import { validationHook } from '../validation.ts'
import { answerVersion, changeProblems, versionParameters, versionSchema } from './catalogue.ts'
import { createRoute } from '../route.ts'
import { requestObject } from '../request-object.ts'
import { toCalls } from '../links.ts'

const PATH = '/admin/plans/{slug}/versions/{version}'
const tags = ['Catalogue']
const answer = (description: string) => ({ description, content: jsonContent(versionSchema) })

const publishRoute = createRoute({
  operationId: 'publishPlanVersion',
  leadsTo: [toCalls(['checkout'], { plan_id: '$request.path.slug' })],
  callers: 'operator',
  method: 'put',
  path: `${PATH}/publication`,
  tags,
  summary: 'Publish a version',
  description:
    'A published version never changes. New customers get it, unless `on_sale` is false. Existing customers keep their version until POST /admin/plan-migrations moves them.',
  request: {
    params: versionParameters,
    body: jsonBody(requestObject({ on_sale: z.boolean().default(true) })),
  },
  responses: { 200: answer('The published version.'), ...changeProblems },
})

const sellRoute = createRoute({
  operationId: 'sellPlanVersion',
  callers: 'operator',
  method: 'put',
  path: `${PATH}/sale`,
  tags,
  summary: 'Put a published version on sale',
  description:
    'Replaces the version on sale. This can be an older version, for example if the newer one was a mistake.',
  request: { params: versionParameters },
  responses: { 200: answer('The version, on sale.'), ...changeProblems },
})

const retireRoute = createRoute({
  operationId: 'retirePlanVersion',
  callers: 'operator',
  method: 'put',
  path: `${PATH}/retirement`,
  tags,
  summary: 'Retire a version',
  description:
    'No customer can get a retired version again. Existing customers keep it. Retiring the version on sale takes the plan off sale.',
  request: { params: versionParameters },
  responses: { 200: answer('The retired version.'), ...changeProblems },
})

/** Publication, sale and retirement of plan versions. */
export const planVersionSale = ({ repositories: { catalogue }, clock }: ApiDependencies) => {
  const act = (keyId: string) => ({ at: clock.now(), by: keyId })

  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(publishRoute, async (c) => {
      const operator = operatorOf(c)
      const name = c.req.valid('param')
      const { on_sale: onSale } = c.req.valid('json')
      return answerVersion(c, await catalogue.publish(name, onSale, act(operator.keyId)))
    })
    .openapi(sellRoute, async (c) => {
      const operator = operatorOf(c)
      return answerVersion(c, await catalogue.putOnSale(c.req.valid('param'), act(operator.keyId)))
    })
    .openapi(retireRoute, async (c) => {
      const operator = operatorOf(c)
      return answerVersion(c, await catalogue.retire(c.req.valid('param'), act(operator.keyId)))
    })
}
