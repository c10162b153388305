import { OpenAPIHono, z } from '@hono/zod-openapi'
import { OPERATOR_ACTIONS, type OperatorAction } from '../../domain/usage/extras.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonContent } from '../json.ts'
import { OPERATOR_PROBLEMS, problemResponses } from '../problem.ts'
import { validationHook } from '../validation.ts'
import { instant, limitField, userIdField } from './request.ts'
import { createRoute } from '../route.ts'

const actionsSchema = z
  .object({
    actions: z.array(
      z.object({
        id: z.int(),
        at: instant,
        key_id: z
          .uuid()
          .nullable()
          .describe(
            'The operator’s API key; null if the service acted by itself, or an operator in the Temporal UI.',
          ),
        asked_by: z
          .string()
          .nullable()
          .describe('The name that an operator without an API key has given.'),
        action: z.enum(OPERATOR_ACTIONS),
        user_id: z.string().nullable(),
        before: z.looseObject({}).nullable(),
        after: z.looseObject({}).nullable(),
      }),
    ),
  })
  .openapi('OperatorActions')

const responses = {
  200: {
    description: 'Each action with the state before and after it.',
    content: jsonContent(actionsSchema),
  },
  ...problemResponses(...OPERATOR_PROBLEMS),
}

const ofUserRoute = createRoute({
  operationId: 'listActionsOnUser',
  callers: 'operator',
  method: 'get',
  path: '/admin/users/{user_id}/actions',
  tags: ['Operators'],
  summary: 'List operators’ actions on a user, newest first',
  request: {
    params: z.object({ user_id: userIdField }),
    query: z.object({ limit: limitField }),
  },
  responses,
})

const allRoute = createRoute({
  operationId: 'listActions',
  callers: 'operator',
  method: 'get',
  path: '/admin/actions',
  tags: ['Operators'],
  summary: 'List all operators’ actions, newest first',
  request: { query: z.object({ limit: limitField }) },
  responses,
})

/** The list of actions: what operators have changed, with the state before and after. */
export const operatorActions = ({ repositories }: ApiDependencies) => {
  const actionsOf = async (userId: string | null, limit: number) => ({
    actions: (await repositories.usageExtras.listActions(userId, limit)).map(viewOfAction),
  })
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(ofUserRoute, async (c) => {
      const { user_id: userId } = c.req.valid('param')
      return c.json(await actionsOf(userId, c.req.valid('query').limit), 200)
    })
    .openapi(allRoute, async (c) => {
      return c.json(await actionsOf(null, c.req.valid('query').limit), 200)
    })
}

const viewOfAction = ({
  id,
  at,
  keyId,
  askedBy,
  action,
  userId,
  before,
  after,
}: OperatorAction) => ({
  id,
  at: at.toISOString(),
  key_id: keyId,
  asked_by: askedBy,
  action,
  user_id: userId,
  before: before === null ? null : { ...before },
  after: after === null ? null : { ...after },
})
