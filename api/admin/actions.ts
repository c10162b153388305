import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { OPERATOR_ACTIONS } from '../../domain/usage-extras.ts'
import { operatorOf } from '../auth/operator.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonContent } from '../json.ts'
import { problemResponses } from '../problem.ts'
import { validationHook } from '../validation.ts'
import { instant, limitField, userIdField } from './request.ts'

const actionsSchema = z
  .object({
    actions: z.array(
      z.object({
        id: z.int(),
        at: instant,
        key_id: z.uuid().describe('The API key that asked.'),
        action: z.enum(OPERATOR_ACTIONS),
        before: z.looseObject({}).nullable(),
        after: z.looseObject({}).nullable(),
      }),
    ),
  })
  .openapi('OperatorActions')

const route = createRoute({
  method: 'get',
  path: '/admin/users/{user_id}/actions',
  tags: ['Operators'],
  summary: 'What operators did to a user, the newest first',
  request: {
    params: z.object({ user_id: userIdField }),
    query: z.object({ limit: limitField }),
  },
  responses: {
    200: {
      description: 'Each with what was before and after it.',
      content: jsonContent(actionsSchema),
    },
    ...problemResponses('unauthenticated', 'forbidden', 'invalid_request', 'database_unavailable'),
  },
})

export const operatorActions = ({ repositories }: ApiDependencies) =>
  new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook }).openapi(route, async (c) => {
    const operator = operatorOf(c)
    if (operator.kind === 'refused') return operator.answer
    const { user_id: userId } = c.req.valid('param')
    const found = await repositories.usageExtras.listActions(userId, c.req.valid('query').limit)
    const actions = found.map(({ id, at, keyId, action, before, after }) => ({
      id,
      at: at.toISOString(),
      key_id: keyId,
      action,
      before: before === null ? null : { ...before },
      after: after === null ? null : { ...after },
    }))
    return c.json({ actions }, 200)
  })
