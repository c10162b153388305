import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { operatorOf } from '../auth/operator.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { notAhead } from '../instant.ts'
import { jsonBody, jsonContent } from '../json.ts'
import { problem, problemResponses } from '../problem.ts'
import { validationHook } from '../validation.ts'
import {
  changeProblems,
  refusal,
  slugField,
  termsFrom,
  draftFields,
  versionSchema,
  viewOfVersion,
} from './catalogue.ts'
import { expiresAtField, reasonField, userIdField } from './request.ts'

const PATH = '/admin/users/{user_id}/plans/{slug}'
const tags = ['Operators']
const params = z.object({ user_id: userIdField, slug: slugField })
const requestSchema = z
  .strictObject({
    ...draftFields,
    until: expiresAtField.describe(
      'From then on it is offered no more, and who has it goes back to the plan’s version on sale at the end of the period; null is never.',
    ),
    reason: reasonField,
  })
  .openapi('OfferRequest')

const putRoute = createRoute({
  method: 'put',
  path: PATH,
  tags,
  summary: 'Offer a user a version of a plan of their own',
  description:
    'With a price and limits that nobody else gets. They get it when they buy the plan or change to it; nobody is moved. A later offer takes the place of an earlier one, which who has it keeps. Repeating it changes nothing.',
  request: { params, body: jsonBody(requestSchema) },
  responses: {
    200: {
      description: 'The version, published for them alone.',
      content: jsonContent(versionSchema),
    },
    ...changeProblems,
  },
})

const listRoute = createRoute({
  method: 'get',
  path: '/admin/users/{user_id}/plans',
  tags,
  summary: 'Versions that were made for a user',
  request: { params: z.object({ user_id: userIdField }) },
  responses: {
    200: {
      description: 'The newest first; `on_sale` is what they are offered now.',
      content: jsonContent(z.object({ versions: z.array(versionSchema) })),
    },
    ...problemResponses('unauthenticated', 'forbidden', 'invalid_request', 'database_unavailable'),
  },
})

const withdrawRoute = createRoute({
  method: 'delete',
  path: PATH,
  tags,
  summary: 'Withdraw a user’s own version',
  description: 'It is retired; who has it keeps it.',
  request: { params },
  responses: {
    200: { description: 'The version, retired.', content: jsonContent(versionSchema) },
    ...changeProblems,
  },
})

export const offers = ({ repositories: { catalogue }, clock }: ApiDependencies) =>
  new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(putRoute, async (c) => {
      const operator = operatorOf(c)
      if (operator.kind === 'refused') return operator.answer
      const { user_id: userId, slug } = c.req.valid('param')
      const { until, reason, ...terms } = c.req.valid('json')
      const at = clock.now()
      const fix = 'leave it out, and it never ends'
      const wrong = until !== null && notAhead(c, { field: 'until', value: until, now: at, fix })
      if (wrong) return wrong
      const outcome = await catalogue.offer(
        slug,
        termsFrom(terms, await catalogue.listFeatures()),
        { userId, until, reason },
        { at, by: operator.keyId },
      )
      return outcome.kind === 'refused'
        ? refusal(c, outcome)
        : c.json(viewOfVersion(outcome.saved), 200)
    })
    .openapi(listRoute, async (c) => {
      const operator = operatorOf(c)
      if (operator.kind === 'refused') return operator.answer
      const found = await catalogue.listOffers(c.req.valid('param').user_id)
      return c.json({ versions: found.map(viewOfVersion) }, 200)
    })
    .openapi(withdrawRoute, async (c) => {
      const operator = operatorOf(c)
      if (operator.kind === 'refused') return operator.answer
      const { user_id: userId, slug } = c.req.valid('param')
      const own = (await catalogue.listOffers(userId)).find(
        (each) => each.slug === slug && each.active,
      )
      if (own === undefined)
        return problem(
          c,
          'plan_version_not_found',
          `The user is offered no \`${slug}\` of their own.`,
        )
      const outcome = await catalogue.retire(own, { at: clock.now(), by: operator.keyId })
      return outcome.kind === 'refused'
        ? refusal(c, outcome)
        : c.json(viewOfVersion(outcome.saved), 200)
    })
