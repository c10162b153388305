import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { readerOf } from '../auth/user.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonBody, jsonContent } from '../json.ts'
import { problemResponses } from '../problem.ts'
import { validationHook } from '../validation.ts'
import { outcomeSchema, viewOfOutcome } from './outcome.ts'
import { usageFields } from './request.ts'

const requestSchema = z.strictObject(usageFields).openapi('CheckRequest')

const route = createRoute({
  method: 'post',
  path: '/usage/check',
  tags: ['Usage'],
  summary: 'Would this much usage be allowed?',
  description:
    'Answers what `consume` would answer now, and counts nothing: the amounts are those before the usage. Somebody else may use up the quota in between, so only `consume` decides.',
  request: { body: jsonBody(requestSchema) },
  responses: {
    200: {
      description: 'What `consume` would say at this moment.',
      content: jsonContent(outcomeSchema),
    },
    ...problemResponses(
      'malformed_json',
      'user_missing',
      'unauthenticated',
      'forbidden',
      'invalid_request',
      'database_unavailable',
    ),
  },
})

export const checkUsage = ({ repositories, clock }: ApiDependencies) =>
  new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook }).openapi(route, async (c) => {
    const user = readerOf(c)
    if (user.kind === 'refused') return user.answer
    const question = { userId: user.userId, ...c.req.valid('json') }
    return c.json(viewOfOutcome(await repositories.usage.check(question, clock.now())), 200)
  })
