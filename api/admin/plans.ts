import { OpenAPIHono, z } from '@hono/zod-openapi'
import { nameField } from '../../adapters/catalogue/terms.ts'
import { FITS_MAX } from '../../domain/catalogue/addon.ts'
import { PLAN_KINDS } from '../../domain/catalogue/plan-kind.ts'
import type { CataloguePlan } from '../../domain/catalogue/catalogue.ts'
import { operatorOf } from '../auth/operator.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonBody, jsonContent } from '../json.ts'
import { problem } from '../problem.ts'
import { validationHook } from '../validation.ts'
import {
  changeProblems,
  readProblems,
  refusal,
  slugField,
  versionSchema,
  viewOfVersion,
} from './catalogue.ts'
import { createRoute } from '../route.ts'
import { requestObject } from '../request-object.ts'
import { below } from '../links.ts'

/** Only the order of ranks matters. */
const RANK_MAX = 1_000_000

const definition = {
  name: nameField.describe('The name for customers, also at Stripe.'),
  rank: z
    .int()
    .min(-RANK_MAX)
    .max(RANK_MAX)
    .describe('A change to a plan with a higher rank is an upgrade.'),
  product_line: slugField
    .default('main')
    .describe('A user has at most one live subscription per product line.'),
  kind: z
    .enum(PLAN_KINDS)
    .default('base')
    .describe(
      'An `addon` is added to a subscription of a `base` plan. Fixed once it is published.',
    ),
  fits: z
    .array(slugField)
    .max(FITS_MAX)
    .nullable()
    .default(null)
    .describe(
      'The base plans that an add-on can be added to; null is every base plan of its product line.',
    ),
  auto_attach: z
    .boolean()
    .default(false)
    .describe(
      'Whether a user without a live subscription of the product line has this free plan without a call: their first usage call begins it. At most one plan of a product line.',
    ),
}
const planSchema = z
  .object({
    id: z.uuid(),
    slug: z.string(),
    ...definition,
    product_line: z.string(),
    kind: z.enum(PLAN_KINDS),
    fits: z.array(z.string()).nullable(),
    auto_attach: z.boolean(),
    versions: z.array(versionSchema).describe('Newest first.'),
  })
  .openapi('CataloguePlan')
const params = z.object({ slug: slugField })

const listRoute = createRoute({
  operationId: 'listAllPlans',
  callers: 'operator',
  method: 'get',
  path: '/admin/plans',
  tags: ['Catalogue'],
  summary: 'List plans with all their versions',
  responses: {
    200: {
      description: 'All plans, by rank.',
      content: jsonContent(z.object({ plans: z.array(planSchema) })),
    },
    ...readProblems,
  },
})

const getRoute = createRoute({
  operationId: 'getPlan',
  callers: 'operator',
  method: 'get',
  path: '/admin/plans/{slug}',
  tags: ['Catalogue'],
  summary: 'Get a plan with all its versions',
  request: { params },
  responses: {
    200: { description: 'The plan.', content: jsonContent(planSchema) },
    ...readProblems,
  },
})

const putRoute = createRoute({
  operationId: 'putPlan',
  leadsTo: [below('/admin/plans/{slug}', { slug: '$request.path.slug' })],
  callers: 'operator',
  method: 'put',
  path: '/admin/plans/{slug}',
  tags: ['Catalogue'],
  summary: 'Create or change a plan',
  description:
    'Prices and features belong to the versions of a plan. The product line and the kind cannot change after a version was published. Repeating it changes nothing.',
  request: { params, body: jsonBody(requestObject(definition).openapi('PlanRequest')) },
  responses: {
    200: { description: 'The plan as it is now.', content: jsonContent(planSchema) },
    ...changeProblems,
  },
})

const deleteRoute = createRoute({
  operationId: 'deletePlan',
  callers: 'operator',
  method: 'delete',
  path: '/admin/plans/{slug}',
  tags: ['Catalogue'],
  summary: 'Delete a plan without published versions',
  request: { params },
  responses: { 204: { description: 'Deleted.' }, ...changeProblems },
})

/** The plans of the catalogue. */
export const adminPlans = ({ repositories: { catalogue }, clock }: ApiDependencies) =>
  new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(listRoute, async (c) => {
      const plans = await catalogue.listPlans()
      return c.json({ plans: plans.map(viewOfPlan) }, 200)
    })
    .openapi(getRoute, async (c) => {
      const { slug } = c.req.valid('param')
      const plan = await catalogue.findPlan(slug)
      return plan === undefined
        ? problem(c, 'plan_not_found', `There is no plan \`${slug}\`.`)
        : c.json(viewOfPlan(plan), 200)
    })
    .openapi(putRoute, async (c) => {
      const operator = operatorOf(c)
      const { slug } = c.req.valid('param')
      const { product_line: productLine, auto_attach: autoAttach, ...given } = c.req.valid('json')
      const act = { at: clock.now(), by: operator.keyId }
      const outcome = await catalogue.putPlan({ slug, productLine, autoAttach, ...given }, act)
      return outcome.kind === 'refused'
        ? refusal(c, outcome)
        : c.json(viewOfPlan(outcome.saved), 200)
    })
    .openapi(deleteRoute, async (c) => {
      const operator = operatorOf(c)
      const { slug } = c.req.valid('param')
      const act = { at: clock.now(), by: operator.keyId }
      const outcome = await catalogue.deletePlan(slug, act)
      return outcome === undefined ? c.body(null, 204) : problem(c, outcome.because, outcome.detail)
    })

const viewOfPlan = (plan: CataloguePlan): z.infer<typeof planSchema> => ({
  id: plan.id,
  slug: plan.slug,
  name: plan.name,
  rank: plan.rank,
  product_line: plan.productLine,
  kind: plan.kind,
  fits: plan.fits === null ? null : [...plan.fits],
  auto_attach: plan.autoAttach,
  versions: plan.versions.map(viewOfVersion),
})
