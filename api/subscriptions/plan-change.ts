import { OpenAPIHono, z } from '@hono/zod-openapi'
import { allows } from '../../domain/subscription/commands.ts'
import {
  CHANGE_TIMES,
  isPreviewFresh,
  PREVIEW_LASTS_MS,
  refusalOfChange,
  usualTime,
  type ChangeTime,
  type PlanChangeRefusal,
} from '../../domain/subscription/plan-change.ts'
import type { PlanVersion } from '../../domain/catalogue/plan.ts'
import type { PlanRepository } from '../../domain/catalogue/plan-repository.ts'
import { isLive, type Subscription } from '../../domain/subscription/subscription.ts'
import { changePlan as planUpdate, withdrawPlanChange } from '../../workflows/contract.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { problem, problemResponses } from '../problem.ts'
import { planField } from '../plans/fields.ts'
import { validationHook } from '../validation.ts'
import { answerCommand, commandRoute, takingBackRoute } from './command.ts'

/** More than this is a mistake of units. */
export const QUANTITY_MAX = 10_000

export const planChangeSchema = z
  .strictObject({
    plan_id: planField,
    when: z
      .enum(CHANGE_TIMES)
      .optional()
      .describe('Without it upgrades happen now and downgrades at the end of the period.'),
    quantity: z
      .int()
      .min(1)
      .max(QUANTITY_MAX)
      .optional()
      .describe(
        'How many, such as seats; without it as many as before. With the present plan it changes the number alone, now.',
      ),
    proration_date: z.iso
      .datetime()
      .optional()
      .describe(
        `From a preview of at most ${PREVIEW_LASTS_MS / 60_000} minutes ago: charges what it said.`,
      ),
  })
  .openapi('PlanChangeRequest')

const change = commandRoute({
  path: '/subscriptions/{id}/plan',
  summary: 'Change the plan',
  description:
    'Now, for the price of what is left of the period, or at its end. Takes the place of whatever is pending. A charge that is not paid at once leaves the plan as it is; `pending_change` has the page to pay on. In a trial every change happens now.',
  body: planChangeSchema,
})
const changeRoute = {
  ...change,
  responses: {
    ...change.responses,
    ...problemResponses('plan_not_found', 'subscription_not_found'),
    ...problemResponses(
      'plan_unchanged',
      'checkout_required',
      'plan_not_changeable',
      'subscription_over',
      'move_not_allowed',
    ),
  },
}

const withdrawRoute = takingBackRoute({
  path: '/subscriptions/{id}/plan/pending',
  summary: 'Withdraw a pending change of plan',
  description: 'One that is scheduled, or one that waits for its payment, whose bill is voided.',
})

export const changePlan = (dependencies: ApiDependencies) => {
  const { workflows, repositories, clock } = dependencies
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(changeRoute, async (c) => {
      const body = c.req.valid('json')
      const prorationDate = body.proration_date ?? null
      if (prorationDate !== null && !isPreviewFresh(new Date(prorationDate), clock.now()))
        return problem(
          c,
          'invalid_request',
          'Preview the change again: its reckoning is too old.',
          {
            errors: [{ field: 'proration_date', detail: 'from a preview of the last hour' }],
          },
        )
      return answerCommand(c, dependencies, {
        request: { operation: 'change-plan', body },
        ask: async ({ of, actor }, own) => {
          const target = await findTarget(repositories.plans, own, {
            planId: body.plan_id,
            quantity: body.quantity,
            when: body.when,
            at: clock.now(),
          })
          if (target.kind === 'refused') return target.refusal
          const when = body.when ?? usualTime(target.before, target.after)
          const planVersionId = target.after.id
          return workflows.move(planUpdate, of, {
            planVersionId,
            when,
            prorationDate,
            actor,
            ...(body.quantity !== undefined && { quantity: body.quantity }),
          })
        },
      })
    })
    .openapi(withdrawRoute, (c) =>
      answerCommand(c, dependencies, {
        request: { operation: 'withdraw-plan-change' },
        ask: ({ of, actor }) => workflows.move(withdrawPlanChange, of, { actor }),
      }),
    )
}

type TargetRefusal = {
  readonly code:
    | 'plan_not_found'
    | 'plan_unchanged'
    | 'checkout_required'
    | 'plan_not_changeable'
    | 'subscription_over'
    | 'move_not_allowed'
  readonly detail: string
}
type Wanted = {
  readonly planId: string
  readonly quantity?: number | undefined
  readonly when?: ChangeTime | undefined
  readonly at: Date
}
type Target =
  | { readonly kind: 'found'; readonly before: PlanVersion; readonly after: PlanVersion }
  | { readonly kind: 'refused'; readonly refusal: TargetRefusal }

const refused = (refusal: TargetRefusal) => ({ kind: 'refused' as const, refusal })

/** What its user is offered under this name, if the subscription can change to it. */
export async function findTarget(
  plans: PlanRepository,
  own: Subscription,
  { planId, quantity, when, at }: Wanted,
): Promise<Target> {
  if (!isLive(own.status))
    return refused({
      code: 'subscription_over',
      detail: 'The subscription is over, and nothing can be changed any more.',
    })
  if (!allows('changePlan', own.status))
    return refused({
      code: 'move_not_allowed',
      detail: `A subscription that is ${own.status} does not allow this.`,
    })
  const before = await plans.getVersion(own.planVersionId)
  // One that is free for all has no currency yet: it takes the plan's own.
  const { currency } = before.price
  const after = await plans.findOffered(planId, { userId: own.userId, at, currency })
  if (after === undefined)
    return refused({
      code: 'plan_not_found',
      detail: `There is no plan \`${planId}\`. GET /api/v1/billing/plans lists all.`,
    })
  const isMore = quantity !== undefined && quantity !== own.quantity
  if (before.id === after.id && isMore && when === 'period_end')
    return refused({
      code: 'plan_not_changeable',
      detail: 'The number alone changes now, with credit for what is left. Leave `when` out.',
    })
  const refusal = refusalOfChange(own, { before, after, quantity })
  return refusal === null ? { kind: 'found', before, after } : refused(REFUSALS[refusal])
}

const REFUSALS: Record<PlanChangeRefusal, TargetRefusal> = {
  same_plan: {
    code: 'plan_unchanged',
    detail:
      'The subscription has this plan. DELETE /subscriptions/{id}/plan/pending withdraws a change that is pending.',
  },
  checkout_required: {
    code: 'checkout_required',
    detail:
      'Nothing is paid for yet, so there is no card to charge. POST /subscriptions/checkout with this plan opens a page; the subscription goes on with it.',
  },
  other_product_line: {
    code: 'plan_not_changeable',
    detail: 'The plan belongs to another product line. Buy it beside this one by a checkout.',
  },
  free_has_no_quantity: {
    code: 'plan_not_changeable',
    detail: 'A free plan is had once: leave `quantity` out.',
  },
  other_currency: {
    code: 'plan_not_changeable',
    detail:
      'The plan is sold in another currency, and a subscription keeps its own. Cancel it at the end of its period and buy the other one.',
  },
}
