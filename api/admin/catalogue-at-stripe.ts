import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { CatalogueAtStripe } from '../../domain/stripe/catalogue-at-stripe.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonContent } from '../json.ts'
import { problem, problemResponses } from '../problem.ts'
import { validationHook } from '../validation.ts'
import { readProblems, versionParameters } from './catalogue.ts'
import { instant } from './request.ts'
import { createRoute } from '../route.ts'

const versionAtStripeSchema = z
  .object({
    plan: z.string(),
    version: z.int(),
    stripe_price_id: z.string().nullable(),
    pushed_at: instant
      .nullable()
      .describe('When the version was last pushed to Stripe; null if a push is pending.'),
    compared_at: instant.nullable(),
    drift: z.string().nullable().describe('A difference that was made at Stripe.'),
    last_error: z
      .string()
      .nullable()
      .describe('The error of the last push, which will be retried.'),
  })
  .openapi('PlanVersionAtStripe')

const listRoute = createRoute({
  operationId: 'listCatalogueAtStripe',
  callers: 'operator',
  method: 'get',
  path: '/admin/catalogue/stripe',
  tags: ['Catalogue'],
  summary: 'Compare plan versions with Stripe',
  description:
    'The comparison runs once a day. Changes that were made at Stripe are reported and not undone.',
  responses: {
    200: {
      description: 'All published versions with a price.',
      content: jsonContent(z.object({ versions: z.array(versionAtStripeSchema) })),
    },
    ...readProblems,
  },
})

const pushRoute = createRoute({
  operationId: 'pushPlanVersionToStripe',
  callers: 'operator',
  method: 'put',
  path: '/admin/plans/{slug}/versions/{version}/stripe',
  tags: ['Catalogue'],
  summary: 'Push a version to Stripe again',
  description:
    'Restores the name and the archived state. Differences that cannot be changed at Stripe, such as an amount, are still reported as drift.',
  request: { params: versionParameters },
  responses: {
    202: {
      description: 'The worker pushes the version within seconds.',
      content: jsonContent(versionAtStripeSchema),
    },
    ...readProblems,
    ...problemResponses('plan_version_not_found'),
  },
})

/** The state of each plan version at Stripe, and pushing one again. */
export const catalogueAtStripe = ({ repositories, clock }: ApiDependencies) =>
  new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(listRoute, async (c) => {
      const versions = await repositories.stripeCatalogue.list()
      return c.json({ versions: versions.map(viewOf) }, 200)
    })
    .openapi(pushRoute, async (c) => {
      const name = c.req.valid('param')
      const found = await repositories.stripeCatalogue.pushAgain(name, clock.now())
      return found === undefined
        ? problem(
            c,
            'plan_version_not_found',
            `There is no published version ${name.version} of \`${name.slug}\` with a price.`,
          )
        : c.json(viewOf(found), 202)
    })

const viewOf = (at: CatalogueAtStripe): z.infer<typeof versionAtStripeSchema> => ({
  plan: at.slug,
  version: at.version,
  stripe_price_id: at.priceId,
  pushed_at: at.pushedAt?.toISOString() ?? null,
  compared_at: at.comparedAt?.toISOString() ?? null,
  drift: at.drift,
  last_error: at.lastError,
})
