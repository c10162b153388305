import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import type { CatalogueVersion, Refused, VersionName } from '../../domain/catalogue/catalogue.ts'
import { operatorOf } from '../auth/operator.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { idempotencyHeader, newIdempotencyKey, once, render } from '../idempotency.ts'
import { jsonBody, jsonContent } from '../json.ts'
import { problem, problemBody, problemResponses } from '../problem.ts'
import { validationHook } from '../validation.ts'
import {
  changeProblems,
  readProblems,
  refusal,
  slugField,
  termsFrom,
  termsRequest,
  versionParameters,
  versionSchema,
  viewOfVersion,
} from './catalogue.ts'

const PATH = '/admin/plans/{slug}/versions'
const tags = ['Catalogue']
const answer = (description: string) => ({ description, content: jsonContent(versionSchema) })

const createRouteOf = createRoute({
  method: 'post',
  path: PATH,
  tags,
  summary: 'Begin the next version of a plan',
  description:
    'A draft: it may lack what a published version may not, and nobody gets it before it is published.',
  request: {
    headers: idempotencyHeader,
    params: z.object({ slug: slugField }),
    body: jsonBody(termsRequest),
  },
  responses: { 201: answer('The draft, with its number.'), ...changeProblems },
})

const getRoute = createRoute({
  method: 'get',
  path: `${PATH}/{version}`,
  tags,
  summary: 'One version of a plan',
  request: { params: versionParameters },
  responses: {
    200: answer('The version.'),
    ...readProblems,
    ...problemResponses('plan_version_not_found'),
  },
})

const putRoute = createRoute({
  method: 'put',
  path: `${PATH}/{version}`,
  tags,
  summary: 'Change a draft',
  description: 'As a whole: what is left out is usual, not as before.',
  request: { params: versionParameters, body: jsonBody(termsRequest) },
  responses: { 200: answer('The draft as it is now.'), ...changeProblems },
})

const deleteRoute = createRoute({
  method: 'delete',
  path: `${PATH}/{version}`,
  tags,
  summary: 'Delete a draft',
  request: { params: versionParameters },
  responses: { 204: { description: 'It is gone.' }, ...changeProblems },
})

const publishRoute = createRoute({
  method: 'put',
  path: `${PATH}/{version}/publication`,
  tags,
  summary: 'Publish a version',
  description:
    'From now on it never changes. Who buys the plan gets it, unless `on_sale` is false; who has an older version keeps that, until POST /admin/plan-migrations moves them.',
  request: {
    params: versionParameters,
    body: jsonBody(z.strictObject({ on_sale: z.boolean().default(true) })),
  },
  responses: { 200: answer('The version, published.'), ...changeProblems },
})

const sellRoute = createRoute({
  method: 'put',
  path: `${PATH}/{version}/sale`,
  tags,
  summary: 'Put a published version on sale',
  description:
    'In place of the one that was; an older version too, when a newer one was a mistake.',
  request: { params: versionParameters },
  responses: { 200: answer('The version, on sale.'), ...changeProblems },
})

const retireRoute = createRoute({
  method: 'put',
  path: `${PATH}/{version}/retirement`,
  tags,
  summary: 'Retire a version',
  description:
    'Nobody gets it any more, for good; who has it keeps it. Retiring the version on sale takes the plan off sale.',
  request: { params: versionParameters },
  responses: { 200: answer('The version, retired.'), ...changeProblems },
})

const missing = ({ slug, version }: VersionName) => `There is no version ${version} of \`${slug}\`.`

type Changed = Refused | { readonly kind: 'saved'; readonly saved: CatalogueVersion }

export const adminPlanVersions = ({ repositories, clock }: ApiDependencies) => {
  const { catalogue, idempotency } = repositories
  const act = (keyId: string) => ({ at: clock.now(), by: keyId })

  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(createRouteOf, async (c) => {
      const operator = operatorOf(c)
      if (operator.kind === 'refused') return operator.answer
      const { slug } = c.req.valid('param')
      const request = c.req.valid('json')
      const key = c.req.valid('header')['idempotency-key'] ?? newIdempotencyKey()
      const keyed = {
        idempotency,
        caller: `operator/${operator.keyId}`,
        key,
        request: { operation: 'create-version', slug, request },
        at: clock.now(),
      }
      const outcome = await once(keyed, async () => {
        const terms = termsFrom(request, await catalogue.listFeatures())
        const created = await catalogue.createDraft(slug, terms, act(operator.keyId))
        if (created.kind === 'saved') return { status: 201, body: viewOfVersion(created.saved) }
        const { because, detail, errors } = created
        const extras = errors === undefined ? {} : { errors: [...errors] }
        const refused = problemBody(because, detail, c.get('requestId'), extras)
        return { status: refused.status, body: refused }
      })
      return outcome.kind === 'reused'
        ? problem(c, 'idempotency_key_reused', 'This Idempotency-Key came with another version.')
        : render(outcome)
    })
    .openapi(getRoute, async (c) => {
      const operator = operatorOf(c)
      if (operator.kind === 'refused') return operator.answer
      const of = c.req.valid('param')
      const found = await catalogue.findVersion(of)
      return found === undefined
        ? problem(c, 'plan_version_not_found', missing(of))
        : c.json(viewOfVersion(found), 200)
    })
    .openapi(putRoute, async (c) => {
      const operator = operatorOf(c)
      if (operator.kind === 'refused') return operator.answer
      const terms = termsFrom(c.req.valid('json'), await catalogue.listFeatures())
      const of = c.req.valid('param')
      const outcome: Changed = await catalogue.saveDraft(of, terms, act(operator.keyId))
      return outcome.kind === 'refused'
        ? refusal(c, outcome)
        : c.json(viewOfVersion(outcome.saved), 200)
    })
    .openapi(deleteRoute, async (c) => {
      const operator = operatorOf(c)
      if (operator.kind === 'refused') return operator.answer
      const outcome = await catalogue.deleteDraft(c.req.valid('param'), act(operator.keyId))
      return outcome === undefined ? c.body(null, 204) : refusal(c, outcome)
    })
    .openapi(publishRoute, async (c) => {
      const operator = operatorOf(c)
      if (operator.kind === 'refused') return operator.answer
      const of = c.req.valid('param')
      const { on_sale: onSale } = c.req.valid('json')
      const outcome: Changed = await catalogue.publish(of, onSale, act(operator.keyId))
      return outcome.kind === 'refused'
        ? refusal(c, outcome)
        : c.json(viewOfVersion(outcome.saved), 200)
    })
    .openapi(sellRoute, async (c) => {
      const operator = operatorOf(c)
      if (operator.kind === 'refused') return operator.answer
      const outcome = await catalogue.putOnSale(c.req.valid('param'), act(operator.keyId))
      return outcome.kind === 'refused'
        ? refusal(c, outcome)
        : c.json(viewOfVersion(outcome.saved), 200)
    })
    .openapi(retireRoute, async (c) => {
      const operator = operatorOf(c)
      if (operator.kind === 'refused') return operator.answer
      const outcome = await catalogue.retire(c.req.valid('param'), act(operator.keyId))
      return outcome.kind === 'refused'
        ? refusal(c, outcome)
        : c.json(viewOfVersion(outcome.saved), 200)
    })
}
