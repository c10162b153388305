import { OpenAPIHono, z } from '@hono/zod-openapi'
import { operatorOf } from '../auth/operator.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { futureProblem } from '../instant.ts'
import { jsonBody, jsonContent } from '../json.ts'
import { OPERATOR_PROBLEMS, problem, problemResponses } from '../problem.ts'
import { validationHook } from '../validation.ts'
import {
  answerVersion,
  changeProblems,
  slugField,
  refineUsagePrices,
  termsFrom,
  draftFields,
  versionSchema,
  viewOfVersion,
} from './catalogue.ts'
import { expiresAtField, reasonField, userIdField } from './request.ts'
import { createRoute } from '../route.ts'
import { requestObject } from '../request-object.ts'
import { below } from '../links.ts'

const PATH = '/admin/users/{user_id}/plans/{slug}'
const tags = ['Operators']
const params = z.object({ user_id: userIdField, slug: slugField })
const requestSchema = requestObject({
  ...draftFields,
  until: expiresAtField.describe(
    'When the offer ends; null is never. A subscription with this version then changes to the version on sale at the end of its period.',
  ),
  reason: reasonField,
})
  .superRefine(refineUsagePrices)
  .openapi('OfferRequest')

const putRoute = createRoute({
  operationId: 'putOffer',
  leadsTo: [below(PATH, { user_id: '$request.path.user_id', slug: '$request.path.slug' })],
  callers: 'operator',
  method: 'put',
  path: PATH,
  tags,
  summary: 'Offer a user their own version of a plan',
  description:
    'A version with a price and limits for this user only. The user gets it when they subscribe or change to the plan; an existing subscription is not changed. A later offer replaces an earlier one, but a subscription keeps the version that it has. Repeating it changes nothing.',
  request: { params, body: jsonBody(requestSchema) },
  responses: {
    200: {
      description: 'The version, published for this user.',
      content: jsonContent(versionSchema),
    },
    ...changeProblems,
  },
})

const listRoute = createRoute({
  operationId: 'listOffers',
  callers: 'operator',
  method: 'get',
  path: '/admin/users/{user_id}/plans',
  tags,
  summary: 'List a user’s own plan versions',
  request: { params: z.object({ user_id: userIdField }) },
  responses: {
    200: {
      description: 'The versions, newest first. The user is offered those with `on_sale`.',
      content: jsonContent(z.object({ versions: z.array(versionSchema) })),
    },
    ...problemResponses(...OPERATOR_PROBLEMS),
  },
})

const withdrawRoute = createRoute({
  operationId: 'deleteOffer',
  callers: 'operator',
  method: 'delete',
  path: PATH,
  tags,
  summary: 'Withdraw an offer',
  description: 'Retires the version. A subscription keeps the version that it has.',
  request: { params },
  responses: {
    200: { description: 'The retired version.', content: jsonContent(versionSchema) },
    ...changeProblems,
  },
})

/** Plan versions for one user. */
export const offers = ({ repositories: { catalogue }, clock }: ApiDependencies) =>
  new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(putRoute, async (c) => {
      const operator = operatorOf(c)
      const { user_id: userId, slug } = c.req.valid('param')
      const { until, reason, ...terms } = c.req.valid('json')
      const at = clock.now()
      const fix = 'Leave it out for no end.'
      const wrong =
        until !== null && futureProblem(c, { field: 'until', value: until, now: at, fix })
      if (wrong) return wrong
      const outcome = await catalogue.offer(
        slug,
        termsFrom(terms, await catalogue.listFeatures()),
        { userId, until, reason },
        { at, by: operator.keyId },
      )
      return answerVersion(c, outcome)
    })
    .openapi(listRoute, async (c) => {
      const found = await catalogue.listOffers(c.req.valid('param').user_id)
      return c.json({ versions: found.map(viewOfVersion) }, 200)
    })
    .openapi(withdrawRoute, async (c) => {
      const operator = operatorOf(c)
      const { user_id: userId, slug } = c.req.valid('param')
      const own = (await catalogue.listOffers(userId)).find(
        (each) => each.slug === slug && each.active,
      )
      if (own === undefined)
        return problem(c, 'plan_version_not_found', `The user has no offer for \`${slug}\`.`)
      const outcome = await catalogue.retire(own, { at: clock.now(), by: operator.keyId })
      return answerVersion(c, outcome)
    })
