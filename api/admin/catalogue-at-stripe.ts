import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import type { CatalogueAtStripe } from '../../domain/stripe/catalogue-at-stripe.ts'
import { operatorOf } from '../auth/operator.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonContent } from '../json.ts'
import { problem, problemResponses } from '../problem.ts'
import { validationHook } from '../validation.ts'
import { readProblems, versionParameters } from './catalogue.ts'
import { instant } from './request.ts'

const usageCounterSchema = z
  .object({
    plan: z.string(),
    version: z.int(),
    stripe_price_id: z.string().nullable(),
    pushed_at: instant.nullable().describe('Null: the worker makes it so within seconds.'),
    compared_at: instant.nullable(),
    drift: z.string().nullable().describe('What somebody changed at Stripe.'),
    last_error: z.string().nullable().describe('Why Stripe did not take it; it is tried again.'),
  })
  .openapi('PlanVersionAtStripe')

const listRoute = createRoute({
  method: 'get',
  path: '/admin/catalogue/stripe',
  tags: ['Catalogue'],
  summary: 'How each version stands at Stripe',
  description:
    'Compared once a day. Nothing that somebody changed there is changed back by itself.',
  responses: {
    200: {
      description: 'Versions that cost something.',
      content: jsonContent(z.object({ versions: z.array(usageCounterSchema) })),
    },
    ...readProblems,
  },
})

const pushRoute = createRoute({
  method: 'put',
  path: '/admin/plans/{slug}/versions/{version}/stripe',
  tags: ['Catalogue'],
  summary: 'Make a version so at Stripe again',
  description:
    'Name and archiving; what Stripe lets nobody change, such as an amount, stays reported as drift.',
  request: { params: versionParameters },
  responses: {
    202: {
      description: 'The worker does it within seconds.',
      content: jsonContent(usageCounterSchema),
    },
    ...readProblems,
    ...problemResponses('plan_version_not_found'),
  },
})

export const catalogueAtStripe = ({ repositories, clock }: ApiDependencies) =>
  new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(listRoute, async (c) => {
      const operator = operatorOf(c)
      if (operator.kind === 'refused') return operator.answer
      const versions = await repositories.stripeCatalogue.list()
      return c.json({ versions: versions.map(viewOf) }, 200)
    })
    .openapi(pushRoute, async (c) => {
      const operator = operatorOf(c)
      if (operator.kind === 'refused') return operator.answer
      const of = c.req.valid('param')
      const found = await repositories.stripeCatalogue.pushAgain(of, clock.now())
      return found === undefined
        ? problem(
            c,
            'plan_version_not_found',
            `There is no version ${of.version} of \`${of.slug}\` that was published and costs something.`,
          )
        : c.json(viewOf(found), 202)
    })

const viewOf = (at: CatalogueAtStripe): z.infer<typeof usageCounterSchema> => ({
  plan: at.slug,
  version: at.version,
  stripe_price_id: at.priceId,
  pushed_at: at.pushedAt?.toISOString() ?? null,
  compared_at: at.comparedAt?.toISOString() ?? null,
  drift: at.drift,
  last_error: at.lastError,
})
