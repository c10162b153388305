import { OpenAPIHono, type z } from '@hono/zod-openapi'
import { isPreviewFresh } from '../../domain/subscription/plan-change.ts'
import { changePlan as planUpdate } from '../../workflows/contract.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { addonsField, planField } from '../plans/fields.ts'
import { problemResponses } from '../problem.ts'
import { requestObject } from '../request-object.ts'
import { validationHook } from '../validation.ts'
import { TARGET_PROBLEMS } from './addon-target.ts'
import { answerCommand, commandRoute } from './command.ts'
import { fields, stalePreview } from './plan-change.ts'
import { findTarget, mayDowngradeNow } from './plan-target.ts'

/** The body of a change of items. */
export const itemsSchema = requestObject({
  ...fields,
  plan_id: planField.optional().describe('The plan; by default the present version stays.'),
  addons: addonsField
    .optional()
    .describe(
      'All add-ons after the change, so an add-on that is left out ends. By default the present ones stay. An add-on that stays keeps its version.',
    ),
}).openapi('ItemsRequest')

const change = commandRoute({
  operationId: 'changeItems',
  path: '/subscriptions/{id}/items',
  summary: 'Change plan, quantity and add-ons',
  description:
    'One change of everything that the subscription has. It takes effect as a whole: more is charged and counts now, or as soon as it is paid; a change that takes anything away takes effect at the end of the period, unless an operator sends it with `now`. It replaces what is pending, and is withdrawn with DELETE /subscriptions/{id}/plan/pending. An add-on must fit the plan and have its period and currency. Add-ons cannot grow during a trial.',
  body: itemsSchema,
})
const route = {
  ...change,
  responses: {
    ...change.responses,
    ...problemResponses('subscription_not_found', ...TARGET_PROBLEMS),
  },
}

/** The request's add-ons in the words of the rules. */
export const addonsOf = ({ addons }: Pick<z.infer<typeof itemsSchema>, 'addons'>) =>
  addons?.map(({ plan_id: planId, quantity }) => ({ planId, quantity }))

/** Changes the plan, its quantity and the add-ons as one change. */
export const changeItems = (dependencies: ApiDependencies) => {
  const { workflows, repositories, clock, access } = dependencies
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook }).openapi(
    route,
    async (c) => {
      const body = c.req.valid('json')
      const prorationDate = body.proration_date ?? null
      if (prorationDate !== null && !isPreviewFresh(new Date(prorationDate), clock.now()))
        return stalePreview(c)
      const mayDowngrade = mayDowngradeNow(c.get('caller'), access)
      return answerCommand(c, dependencies, {
        request: { operation: 'change-items', body },
        send: async ({ target, by }, own) => {
          const found = await findTarget(repositories, own, {
            planId: body.plan_id,
            quantity: body.quantity,
            addons: addonsOf(body),
            when: body.when,
            at: clock.now(),
            mayDowngradeNow: mayDowngrade,
          })
          if (found.kind === 'refused') return found.refusal
          return workflows.command(planUpdate, target, {
            planVersionId: found.after.id,
            ...(body.plan_id === undefined && { keepsPlan: true }),
            when: found.when,
            prorationDate,
            ...by,
            ...(mayDowngrade && { mayDowngradeNow: true }),
            ...(body.quantity !== undefined && { quantity: body.quantity }),
            ...(body.addons !== undefined && { addons: found.addons }),
          })
        },
      })
    },
  )
}
