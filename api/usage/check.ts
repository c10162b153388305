import { OpenAPIHono } from '@hono/zod-openapi'
import { userOf } from '../auth/user.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonBody, jsonContent } from '../json.ts'
import { problem, problemResponses, USER_PROBLEMS } from '../problem.ts'
import { validationHook } from '../validation.ts'
import { outcomeSchema, viewOfOutcome } from './outcome.ts'
import { unknownFeature } from './unknown-feature.ts'
import { usageFields } from './request.ts'
import { createRoute } from '../route.ts'
import { requestObject } from '../request-object.ts'

const requestSchema = requestObject(usageFields).openapi('CheckRequest')

const route = createRoute({
  operationId: 'checkUsage',
  callers: 'reader',
  method: 'post',
  path: '/usage/check',
  tags: ['Usage'],
  summary: 'Check usage without counting it',
  description:
    'Returns the outcome that `consume` would return now, with the amounts before the usage. Other requests can use up the quota in the meantime, so only `consume` is binding.',
  request: { body: jsonBody(requestSchema) },
  responses: {
    200: {
      description: 'The outcome that `consume` would return now.',
      content: jsonContent(outcomeSchema),
    },
    ...problemResponses('malformed_json', 'feature_not_found', ...USER_PROBLEMS),
  },
})

/** Returns the outcome that `consume` would have, and counts nothing. */
export const checkUsage = ({ repositories, clock }: ApiDependencies) =>
  new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook }).openapi(route, async (c) => {
    const user = userOf(c)
    const question = { userId: user.userId, ...c.req.valid('json') }
    const outcome = await repositories.usage.check(question, clock.now())
    const unknown = await unknownFeature(repositories.catalogue, outcome, question.feature)
    return unknown === undefined
      ? c.json(viewOfOutcome(outcome), 200)
      : problem(c, 'feature_not_found', unknown)
  })
