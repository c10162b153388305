import { OpenAPIHono, z } from '@hono/zod-openapi'
import { operatorOf } from '../auth/operator.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { answerOnce, idempotencyHeader, problemAnswer } from '../idempotency.ts'
import { jsonBody, jsonContent } from '../json.ts'
import { problemResponses } from '../problem.ts'
import { validationHook } from '../validation.ts'
import {
  answerVersion,
  changeProblems,
  fieldErrors,
  readProblems,
  refusal,
  slugField,
  termsFrom,
  termsRequest,
  versionMissing,
  versionParameters,
  versionSchema,
  viewOfVersion,
} from './catalogue.ts'
import { createRoute } from '../route.ts'
import { below } from '../links.ts'

const PATH = '/admin/plans/{slug}/versions'
const tags = ['Catalogue']
const answer = (description: string) => ({ description, content: jsonContent(versionSchema) })

const createRouteOf = createRoute({
  operationId: 'createPlanVersion',
  leadsTo: [
    below(`${PATH}/{version}`, {
      slug: '$request.path.slug',
      version: '$response.body#/version',
    }),
  ],
  callers: 'operator',
  method: 'post',
  path: PATH,
  tags,
  summary: 'Create the next version of a plan',
  description:
    'The version is a draft: it may be incomplete, and customers cannot get it before it is published.',
  request: {
    headers: idempotencyHeader,
    params: z.object({ slug: slugField }),
    body: jsonBody(termsRequest),
  },
  responses: { 201: answer('The draft, with its number.'), ...changeProblems },
})

const getRoute = createRoute({
  operationId: 'getPlanVersion',
  callers: 'operator',
  method: 'get',
  path: `${PATH}/{version}`,
  tags,
  summary: 'Get a version of a plan',
  request: { params: versionParameters },
  responses: {
    200: answer('The version.'),
    ...readProblems,
    ...problemResponses('plan_version_not_found'),
  },
})

const putRoute = createRoute({
  operationId: 'putPlanVersion',
  callers: 'operator',
  method: 'put',
  path: `${PATH}/{version}`,
  tags,
  summary: 'Replace a draft',
  description: 'A field that is left out gets its default.',
  request: { params: versionParameters, body: jsonBody(termsRequest) },
  responses: { 200: answer('The draft as it is now.'), ...changeProblems },
})

const deleteRoute = createRoute({
  operationId: 'deletePlanVersion',
  callers: 'operator',
  method: 'delete',
  path: `${PATH}/{version}`,
  tags,
  summary: 'Delete a draft',
  request: { params: versionParameters },
  responses: { 204: { description: 'Deleted.' }, ...changeProblems },
})

/** Drafts of plan versions. */
export const adminPlanVersions = (dependencies: ApiDependencies) => {
  const { repositories, clock } = dependencies
  const { catalogue } = repositories
  const act = (keyId: string) => ({ at: clock.now(), by: keyId })

  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(createRouteOf, async (c) => {
      const operator = operatorOf(c)
      const { keyId } = operator
      const { slug } = c.req.valid('param')
      const request = c.req.valid('json')
      const keyed = {
        caller: `operator/${keyId}`,
        request: { operation: 'create-version', slug, request },
      }
      return answerOnce(c, dependencies, keyed, async () => {
        const terms = termsFrom(request, await catalogue.listFeatures())
        const created = await catalogue.createDraft(slug, terms, act(keyId))
        return created.kind === 'saved'
          ? { status: 201, body: viewOfVersion(created.saved) }
          : problemAnswer(c, created.because, created.detail, fieldErrors(created))
      })
    })
    .openapi(getRoute, async (c) => {
      const name = c.req.valid('param')
      const found = await catalogue.findVersion(name)
      return found === undefined ? versionMissing(c, name) : c.json(viewOfVersion(found), 200)
    })
    .openapi(putRoute, async (c) => {
      const operator = operatorOf(c)
      const terms = termsFrom(c.req.valid('json'), await catalogue.listFeatures())
      const name = c.req.valid('param')
      return answerVersion(c, await catalogue.saveDraft(name, terms, act(operator.keyId)))
    })
    .openapi(deleteRoute, async (c) => {
      const operator = operatorOf(c)
      const refused = await catalogue.deleteDraft(c.req.valid('param'), act(operator.keyId))
      return refused === undefined ? c.body(null, 204) : refusal(c, refused)
    })
}
