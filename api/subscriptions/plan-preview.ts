import { OpenAPIHono, z } from '@hono/zod-openapi'
import { withPriceOf } from '../../adapters/stripe/commands/price-of-plan.ts'
import { subscriptionId } from '../../domain/ids.ts'
import { CHANGE_TIMES, effectiveTime, wayOfChange } from '../../domain/subscription/plan-change.ts'
import { spanOf } from '../../domain/catalogue/period.ts'
import type { PlanVersion } from '../../domain/catalogue/plan.ts'
import type { Subscription } from '../../domain/subscription/subscription.ts'
import { growsInTrial, trialEndAfterChange } from '../../domain/subscription/trial.ts'
import { userOf } from '../auth/user.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonBody, jsonContent } from '../json.ts'
import { priceSchema } from '../plans/list.ts'
import { problem, problemResponses, USER_PROBLEMS } from '../problem.ts'
import { validationHook } from '../validation.ts'
import { refusalByWorkflow, subscriptionParameters } from './command.ts'
import { planChangeSchema } from './plan-change.ts'
import { findTarget, mayDowngradeNow, TARGET_PROBLEMS } from './plan-target.ts'
import { createRoute } from '../route.ts'
import { stripeTurns } from '../stripe-turns.ts'
import {
  finalInvoice,
  invoiceView,
  NO_SUMS,
  previewLinesSchema,
  previewSums,
} from './invoice-preview.ts'

const instant = z.iso.datetime()

/** The cost of a plan change. */
export const previewSchema = z
  .object({
    plan: z.string().describe('The slug of the new plan.'),
    when: z.enum(CHANGE_TIMES),
    takes_effect_at: instant,
    proration_date: instant
      .nullable()
      .describe(
        'Send it with the change to charge exactly the previewed amount. Null if nothing is charged now.',
      ),
    amount_due: priceSchema.describe(
      'The amount that is charged now, after credits and the customer’s balance.',
    ),
    ...previewSums,
    lines: previewLinesSchema,
    next_price: priceSchema.describe(
      'The price of each later period, for the whole quantity, without tax that it does not include.',
    ),
  })
  .openapi('PlanChangePreview')

const route = createRoute({
  operationId: 'previewPlanChange',
  callers: 'user',
  method: 'post',
  path: '/subscriptions/{id}/plan/preview',
  tags: ['Subscriptions'],
  summary: 'Preview a plan change',
  description:
    'Stripe calculates the proration with the same parameters as for the change itself. Nothing changes.',
  request: {
    params: subscriptionParameters,
    body: jsonBody(planChangeSchema.omit({ proration_date: true })),
  },
  responses: {
    200: {
      description: 'The preview.',
      content: jsonContent(previewSchema),
    },
    ...problemResponses(
      'malformed_json',
      'subscription_not_found',
      ...TARGET_PROBLEMS,
      'plan_unclear',
      'grows_in_trial',
      'payment_provider_rejected',
      'payment_provider_unavailable',
      'rate_limited',
      ...USER_PROBLEMS,
    ),
  },
})

/** Previews a plan change. Nothing changes. */
export const previewPlanChange = (dependencies: ApiDependencies) => {
  const { repositories } = dependencies
  const inTurn = stripeTurns()
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook }).openapi(
    route,
    async (c) => {
      const user = userOf(c)
      const own = await repositories.subscriptions.find(
        subscriptionId(c.req.valid('param').id.toLowerCase()),
      )
      if (own?.userId !== user.userId)
        return problem(c, 'subscription_not_found', 'The user has no subscription with this id.')
      const body = c.req.valid('json')
      const target = await findTarget(repositories, own, {
        planId: body.plan_id,
        quantity: body.quantity,
        when: body.when,
        at: dependencies.clock.now(),
        mayDowngradeNow: mayDowngradeNow(c.get('caller'), dependencies.access),
      })
      if (target.kind === 'refused') {
        const { code, detail, ...extras } = target.refusal
        return problem(c, code, detail, extras)
      }
      const when = effectiveTime(own, target.when)
      const { quantity = own.quantity } = body
      const { after, periodEnd } = target
      const by = { after, actor: user.actor, at: dependencies.clock.now() }
      if (growsInTrial(own, { ...by, quantity }))
        return problem(c, 'grows_in_trial', refusalByWorkflow('grows_in_trial').detail)
      const { stripeSubscriptionId } = own
      const changesItem = ['charged', 'scheduled'].includes(wayOfChange(own, after, when))
      const trialEnd = trialEndAfterChange(own, by)
      return inTurn(c, async () => {
        if (
          changesItem &&
          stripeSubscriptionId !== null &&
          !(await dependencies.stripe.hasClearPlan(stripeSubscriptionId))
        )
          return problem(c, 'plan_unclear', refusalByWorkflow('plan_unclear').detail)
        const change = { own, after, quantity, when, trialEnd, periodEnd }
        return c.json(await previewChange(dependencies, change), 200)
      })
    },
  )
}

type Change = {
  readonly own: Subscription
  readonly after: PlanVersion
  readonly quantity: number
  readonly when: (typeof CHANGE_TIMES)[number]
  readonly trialEnd: Date | 'now' | null
  readonly periodEnd: Date
}

/** @see https://docs.stripe.com/billing/subscriptions/prorations#preview-proration */
async function previewChange(
  { clock, repositories: { plans, drift }, stripe, flushOverage }: ApiDependencies,
  { own, after, quantity, when, trialEnd, periodEnd }: Change,
): Promise<z.infer<typeof previewSchema>> {
  const now = clock.now()
  const price = { amount_minor: after.price.amountMinor * quantity, currency: after.price.currency }
  const answer = {
    plan: after.slug,
    when,
    takes_effect_at: (when === 'now' ? now : periodEnd).toISOString(),
    next_price: price,
  }
  const { stripeSubscriptionId } = own
  const isCharged =
    wayOfChange(own, after, when) === 'charged' && (own.status !== 'trialing' || trialEnd === 'now')
  const isEnded = when === 'now' && wayOfChange(own, after, when) === 'leaving_stripe'
  if (stripeSubscriptionId !== null && isEnded)
    return {
      ...answer,
      proration_date: null,
      ...(await finalInvoice({ stripe, flushOverage }, { own, plan: after, at: now })),
    }
  // Without a charge now, Stripe's preview would be the invoice of the next renewal.
  if (stripeSubscriptionId === null || !isCharged)
    return {
      ...answer,
      proration_date: null,
      amount_due: { ...price, amount_minor: 0 },
      ...NO_SUMS,
      lines: [],
    }
  // Stripe's timestamps are in whole seconds.
  const prorationDate = new Date(Math.floor(now.getTime() / 1_000) * 1_000)
  await flushOverage(own.userId, now)
  const order = {
    stripeSubscriptionId,
    quantity,
    prorationDate,
    trialEnd,
    overage: await stripe.ensureOveragePrices(after),
    span: spanOf(after.period),
  }
  const send = (priceId: string) => stripe.previewPlanChange({ ...order, priceId })
  const preview = await withPriceOf({ plans, drift, stripe }, after, { send, at: now })
  return { ...answer, proration_date: prorationDate.toISOString(), ...invoiceView(preview) }
}
