import { OpenAPIHono, z } from '@hono/zod-openapi'
import { featureFields } from '../../adapters/catalogue/terms.ts'
import type { FeatureDefinition } from '../../domain/catalogue/catalogue.ts'
import { operatorOf } from '../auth/operator.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonBody, jsonContent } from '../json.ts'
import { problem } from '../problem.ts'
import { validationHook } from '../validation.ts'
import { changeProblems, readProblems, refusal, slugField } from './catalogue.ts'
import { createRoute } from '../route.ts'
import { requestObject } from '../request-object.ts'
import { below, toCalls } from '../links.ts'

const featureSchema = z.object({ code: z.string(), ...featureFields }).openapi('Feature')
const params = z.object({ code: slugField })

const listRoute = createRoute({
  operationId: 'listFeatures',
  callers: 'operator',
  method: 'get',
  path: '/admin/features',
  tags: ['Catalogue'],
  summary: 'List features',
  responses: {
    200: {
      description: 'All features, by code.',
      content: jsonContent(z.object({ features: z.array(featureSchema) })),
    },
    ...readProblems,
  },
})

const putRoute = createRoute({
  operationId: 'putFeature',
  leadsTo: [
    below('/admin/features/{code}', { code: '$request.path.code' }),
    toCalls(['checkUsage', 'consumeUsage', 'releaseUsage', 'reserveUsage', 'createGrant'], {
      feature: '$request.path.code',
    }),
  ],
  callers: 'operator',
  method: 'put',
  path: '/admin/features/{code}',
  tags: ['Catalogue'],
  summary: 'Create or change a feature',
  description:
    'Name, unit and meter can always change. The type cannot change after a published version has granted the feature. Repeating it changes nothing.',
  request: { params, body: jsonBody(requestObject(featureFields).openapi('FeatureRequest')) },
  responses: {
    200: { description: 'The feature as it is now.', content: jsonContent(featureSchema) },
    ...changeProblems,
  },
})

const deleteRoute = createRoute({
  operationId: 'deleteFeature',
  callers: 'operator',
  method: 'delete',
  path: '/admin/features/{code}',
  tags: ['Catalogue'],
  summary: 'Delete a feature that no plan version grants',
  request: { params },
  responses: { 204: { description: 'Deleted.' }, ...changeProblems },
})

/** The features of the catalogue. */
export const adminFeatures = ({ repositories: { catalogue }, clock }: ApiDependencies) =>
  new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(listRoute, async (c) => {
      const features = await catalogue.listFeatures()
      return c.json({ features: features.map(viewOfFeature) }, 200)
    })
    .openapi(putRoute, async (c) => {
      const operator = operatorOf(c)
      const { meter_event_name: meterEventName, ...given } = c.req.valid('json')
      const { code } = c.req.valid('param')
      const outcome = await catalogue.putFeature(
        { code, ...given, meterEventName },
        { at: clock.now(), by: operator.keyId },
      )
      return outcome.kind === 'refused'
        ? refusal(c, outcome)
        : c.json(viewOfFeature(outcome.saved), 200)
    })
    .openapi(deleteRoute, async (c) => {
      const operator = operatorOf(c)
      const { code } = c.req.valid('param')
      const act = { at: clock.now(), by: operator.keyId }
      const outcome = await catalogue.deleteFeature(code, act)
      return outcome === undefined ? c.body(null, 204) : problem(c, outcome.because, outcome.detail)
    })

const viewOfFeature = ({ meterEventName, ...feature }: FeatureDefinition) => ({
  ...feature,
  meter_event_name: meterEventName,
})
