import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import {
  CHANGE_TIMES,
  isPreviewFresh,
  PREVIEW_LASTS_MS,
  type ChangeTime,
} from '../../domain/subscription/plan-change.ts'
import {
  changePlan as planUpdate,
  withdrawPlanChange,
  type PlanChangeRequest,
} from '../../workflows/contract.ts'
import type { Caller } from '../auth/caller.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { planField, quantityField } from '../plans/fields.ts'
import { problem, problemResponses } from '../problem.ts'
import { validationHook } from '../validation.ts'
import { answerCommand, commandRoute, withdrawalRoute, type CommandCall } from './command.ts'
import { findTarget, mayDowngradeNow } from './plan-target.ts'
import { TARGET_PROBLEMS } from './addon-target.ts'
import { requestObject } from '../request-object.ts'

/** How long a preview can be carried out, in minutes. */
export const PREVIEW_MINUTES = PREVIEW_LASTS_MS / 60_000

/** The fields that a change of plan and one of all items share. */
export const fields = {
  plan_id: planField,
  when: z
    .enum(CHANGE_TIMES)
    .optional()
    .describe(
      'By default an upgrade takes effect now and a downgrade at the end of the period. Only operators may send `now` for a downgrade.',
    ),
  quantity: quantityField
    .optional()
    .describe(
      'How many units of the plan, such as seats; by default unchanged. With the current plan, only the quantity changes: more units now, fewer at the end of the period.',
    ),
  proration_date: z.iso
    .datetime()
    .optional()
    .describe(
      `The time as of which Stripe calculates the proration. Send the value of a preview, at most ${PREVIEW_MINUTES} minutes old, to charge exactly the previewed amount.`,
    ),
}

/** The body of a plan change. */
export const planChangeSchema = requestObject(fields).openapi('PlanChangeRequest')

/** Answers that the preview is older than `PREVIEW_LASTS_MS`. */
export const stalePreview = (c: Context<ApiEnvironment>) =>
  problem(c, 'invalid_request', 'The preview is too old. Preview the change again.', {
    errors: [
      {
        field: 'proration_date',
        detail: `must be from a preview of the last ${PREVIEW_MINUTES} minutes`,
      },
    ],
  })

const change = commandRoute({
  operationId: 'changePlan',
  path: '/subscriptions/{id}/plan',
  summary: 'Change the plan or the quantity',
  description:
    'A change now charges or credits the proration immediately. A change at the end of the period is scheduled. A change to a lower or cheaper plan or to fewer units takes effect at the end of the period, unless an operator sends it. Either replaces what is pending. Add-ons stay; a plan that one of them does not fit is refused (see `PUT /subscriptions/{id}/items`). If the payment of a charge fails, the plan stays unchanged, and `pending_change.payment_url` is the page for the payment. During a trial every change takes effect now: a plan with a trial continues the trial, for at most its own days from the start; a plan without one ends it and is charged. The quantity cannot grow during a trial.',
  body: planChangeSchema,
})
const changeRoute = {
  ...change,
  responses: {
    ...change.responses,
    ...problemResponses('subscription_not_found', ...TARGET_PROBLEMS),
  },
}

const withdrawRoute = withdrawalRoute({
  operationId: 'withdrawPlanChange',
  path: '/subscriptions/{id}/plan/pending',
  summary: 'Withdraw a pending plan change',
  description:
    'Withdraws a scheduled change, or a change that awaits its payment. The invoice of the latter is voided.',
})

type PlanChange = {
  /** Slug or id. */
  readonly planId: string
  readonly quantity: number | undefined
  /** The facts of a confirmed preview; absent for a change without one. */
  readonly seen?: PlanChangeRequest['seen']
  readonly when: ChangeTime | undefined
  /** ISO 8601. Null: now. */
  readonly prorationDate: string | null
  readonly caller: Caller
}

/** @returns the function that sends a plan change to a workflow, for `answerCommand` and `carryOut` */
export const sendPlanChange =
  (
    { workflows, repositories, clock, access }: ApiDependencies,
    { planId, quantity, when, prorationDate, caller, seen }: PlanChange,
  ): CommandCall['send'] =>
  async ({ target, by }, own) => {
    const mayDowngrade = mayDowngradeNow(caller, access)
    const found = await findTarget(repositories, own, {
      planId,
      quantity,
      when,
      at: clock.now(),
      mayDowngradeNow: mayDowngrade,
    })
    if (found.kind === 'refused') return found.refusal
    return workflows.command(planUpdate, target, {
      planVersionId: found.after.id,
      when: found.when,
      prorationDate,
      ...by,
      ...(mayDowngrade && { mayDowngradeNow: true }),
      ...(quantity !== undefined && { quantity }),
      ...(seen && { seen }),
    })
  }

/** Changes the plan or the quantity, or withdraws a pending change. */
export const changePlan = (dependencies: ApiDependencies) => {
  const { workflows, clock } = dependencies
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(changeRoute, async (c) => {
      const body = c.req.valid('json')
      const prorationDate = body.proration_date ?? null
      if (prorationDate !== null && !isPreviewFresh(new Date(prorationDate), clock.now()))
        return stalePreview(c)
      return answerCommand(c, dependencies, {
        request: { operation: 'change-plan', body },
        send: sendPlanChange(dependencies, {
          planId: body.plan_id,
          quantity: body.quantity,
          when: body.when,
          prorationDate,
          caller: c.get('caller'),
        }),
      })
    })
    .openapi(withdrawRoute, (c) =>
      answerCommand(c, dependencies, {
        request: { operation: 'withdraw-plan-change' },
        send: ({ target, by }) => workflows.command(withdrawPlanChange, target, by),
      }),
    )
}
