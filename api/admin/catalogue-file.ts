import { OpenAPIHono, z } from '@hono/zod-openapi'
import {
  applyCatalogue,
  CatalogueMovedError,
  CatalogueRefusedError,
  compareCatalogue,
} from '../../adapters/catalogue/apply.ts'
import { catalogueSchema, readCatalogue } from '../../adapters/catalogue/file.ts'
import type { FeatureDefinition, WantedCatalogue } from '../../domain/catalogue/catalogue.ts'
import type { CatalogueStep } from '../../domain/catalogue/difference.ts'
import { operatorOf } from '../auth/operator.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonBody, jsonContent } from '../json.ts'
import { OPERATOR_PROBLEMS, problem, problemResponses } from '../problem.ts'
import { requestObject } from '../request-object.ts'
import { createRoute } from '../route.ts'
import { validationHook } from '../validation.ts'
import { refusal } from './catalogue.ts'

/** A fingerprint has 43 characters; this many are enough for any later form of it. */
const FINGERPRINT_MAX_CHARACTERS = 100

const wantedFields = {
  catalogue: catalogueSchema.describe(
    'Features and plans in the form of `catalogue.yaml`. Plans and features that it does not name stay as they are.',
  ),
  prune: z
    .boolean()
    .default(false)
    .describe('Also retires plans on sale and deletes unused features that it does not name.'),
} as const

const changesSchema = z.array(
  z.object({
    kind: z.enum(['feature', 'plan', 'version', 'retirement', 'deletion']),
    subject: z.string().describe('The code of a feature, or the slug of a plan.'),
    lines: z.array(z.string()).describe('The change in words, with the values before and after.'),
  }),
)

const planRoute = createRoute({
  operationId: 'planCatalogue',
  callers: 'operator',
  method: 'post',
  path: '/admin/catalogue/plan',
  tags: ['Catalogue'],
  summary: 'Compare a whole catalogue',
  description: 'Shows what `applyCatalogue` would change. Nothing changes.',
  request: { body: jsonBody(requestObject(wantedFields).openapi('CataloguePlanRequest')) },
  responses: {
    200: {
      description: 'The changes, in their order.',
      content: jsonContent(
        z
          .object({
            changes: changesSchema,
            left_alone: z.array(z.string()).describe('Plans on sale that stay as they are.'),
            fingerprint: z
              .string()
              .describe('Send it with the application to make exactly these changes, or none.'),
          })
          .openapi('CatalogueComparison'),
      ),
    },
    ...problemResponses('malformed_json', ...OPERATOR_PROBLEMS),
  },
})

const applyRoute = createRoute({
  operationId: 'applyCatalogue',
  callers: 'operator',
  method: 'post',
  path: '/admin/catalogue/apply',
  tags: ['Catalogue'],
  summary: 'Publish a whole catalogue',
  description:
    'Makes all changes or none. A plan whose terms differ from the version on sale gets a new version, on sale at once; customers keep theirs. Repeating it changes nothing.',
  request: {
    body: jsonBody(
      requestObject({
        ...wantedFields,
        fingerprint: z
          .string()
          .min(1)
          .max(FINGERPRINT_MAX_CHARACTERS)
          .optional()
          .describe(
            'Of a comparison: `moved_on` if the catalogue or the request has changed since. Without it, the changes are made to the catalogue as it is.',
          ),
      }).openapi('CatalogueApplication'),
    ),
  },
  responses: {
    200: {
      description: 'The changes made; empty if there was no difference.',
      content: jsonContent(z.object({ changes: changesSchema }).openapi('CatalogueChangesMade')),
    },
    ...problemResponses(
      'malformed_json',
      'moved_on',
      'plan_not_found',
      'plan_version_not_found',
      'plan_version_published',
      'plan_version_in_use',
      'plan_version_not_published',
      'plan_version_retired',
      'feature_not_found',
      'plan_in_use',
      'feature_in_use',
      'plan_version_invalid',
      'plan_version_incomplete',
      ...OPERATOR_PROBLEMS,
    ),
  },
})

/** Compares and publishes a whole catalogue, with the rules of `perennial catalogue`. */
export const catalogueFile = ({ repositories: { catalogue }, clock }: ApiDependencies) =>
  new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(planRoute, async (c) => {
      const read = wantedFrom(c.req.valid('json'), await catalogue.listFeatures())
      if ('errors' in read) return problem(c, 'invalid_request', NOT_A_CATALOGUE, read)
      const { steps, leftAlone, fingerprint } = await compareCatalogue(catalogue, read.wanted)
      const changes = steps.map(viewOfStep)
      return c.json({ changes, left_alone: leftAlone, fingerprint }, 200)
    })
    .openapi(applyRoute, async (c) => {
      const body = c.req.valid('json')
      const read = wantedFrom(body, await catalogue.listFeatures())
      if ('errors' in read) return problem(c, 'invalid_request', NOT_A_CATALOGUE, read)
      const act = { at: clock.now(), by: operatorOf(c).keyId }
      try {
        const { fingerprint } = body
        const steps = await applyCatalogue(catalogue, read.wanted, act, { fingerprint })
        return c.json({ changes: steps.map(viewOfStep) }, 200)
      } catch (error) {
        if (error instanceof CatalogueMovedError) return problem(c, 'moved_on', error.message)
        if (error instanceof CatalogueRefusedError) return refusal(c, error.refused)
        throw error
      }
    })

const NOT_A_CATALOGUE = 'The catalogue is not valid. Nothing was done.'

/** The catalogue of a request, or the fields that are wrong in it. */
function wantedFrom(
  { catalogue, prune }: Pick<z.infer<z.ZodObject<typeof wantedFields>>, 'catalogue' | 'prune'>,
  defined: readonly FeatureDefinition[],
) {
  const read = readCatalogue(catalogue, defined)
  if (read.kind === 'wrong')
    return {
      errors: read.problems.map(({ field, detail }) => ({ field: `catalogue.${field}`, detail })),
    }
  const wanted: WantedCatalogue = { ...read.file, prunes: prune }
  return { wanted }
}

const viewOfStep = (step: CatalogueStep) => ({
  kind: step.kind,
  subject: subjectOf(step),
  lines: [...step.lines],
})

function subjectOf(step: CatalogueStep): string {
  switch (step.kind) {
    case 'feature':
      return step.feature.code
    case 'plan':
      return step.plan.slug
    case 'version':
      return step.slug
    case 'retirement':
      return step.of.slug
    case 'deletion':
      return step.code
  }
}
