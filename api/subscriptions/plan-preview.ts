import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { withPlannedPrices } from '../../adapters/stripe/commands/planned-prices.ts'
import { subscriptionId } from '../../domain/ids.ts'
import { CHANGE_TIMES, effectiveTime, wayOfChange } from '../../domain/subscription/plan-change.ts'
import type { PlanVersion } from '../../domain/catalogue/plan.ts'
import { addsTo, priceOfAddons } from '../../domain/subscription/addons.ts'
import type { AddonUnits, Subscription } from '../../domain/subscription/subscription.ts'
import { growsInTrial, trialEndAfterChange } from '../../domain/subscription/trial.ts'
import { userOf } from '../auth/user.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonBody, jsonContent } from '../json.ts'
import { priceSchema } from '../plans/list.ts'
import { problem, problemResponses, USER_PROBLEMS } from '../problem.ts'
import { validationHook } from '../validation.ts'
import { refusalByWorkflow, subscriptionParameters } from './command.ts'
import { addonsOf, itemsSchema } from './items.ts'
import { planChangeSchema } from './plan-change.ts'
import { findTarget, mayDowngradeNow } from './plan-target.ts'
import { TARGET_PROBLEMS } from './addon-target.ts'
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
      'The price of each later period, for the whole quantity and all add-ons, without tax that it does not include.',
    ),
  })
  .openapi('PlanChangePreview')

const shared = {
  callers: 'user',
  method: 'post',
  description:
    'Stripe calculates the proration with the same parameters as for the change itself. Nothing changes.',
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
} as const

const planRoute = createRoute({
  ...shared,
  tags: ['Subscriptions'],
  operationId: 'previewPlanChange',
  path: '/subscriptions/{id}/plan/preview',
  summary: 'Preview a plan change',
  request: {
    params: subscriptionParameters,
    body: jsonBody(planChangeSchema.omit({ proration_date: true })),
  },
})
const itemsRoute = createRoute({
  ...shared,
  tags: ['Subscriptions'],
  operationId: 'previewItems',
  path: '/subscriptions/{id}/items/preview',
  summary: 'Preview a change of plan, quantity and add-ons',
  request: {
    params: subscriptionParameters,
    body: jsonBody(itemsSchema.omit({ proration_date: true })),
  },
})

/** Previews a change of the plan, or of everything that a subscription has. Nothing changes. */
export const previewPlanChange = (dependencies: ApiDependencies) => {
  const inTurn = stripeTurns()
  const preview = (c: PreviewContext, body: Previewed) =>
    answerPreview(c, dependencies, { body, inTurn })
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(planRoute, (c) => preview(c, c.req.valid('json')))
    .openapi(itemsRoute, (c) => preview(c, c.req.valid('json')))
}

type Previewed = Omit<z.infer<typeof itemsSchema>, 'proration_date'>
/** A request whose route has validated the path. */
type PreviewContext = Context<
  ApiEnvironment,
  string,
  { out: { param: z.infer<typeof subscriptionParameters> } }
>

async function answerPreview(
  c: PreviewContext,
  dependencies: ApiDependencies,
  { body, inTurn }: { readonly body: Previewed; readonly inTurn: ReturnType<typeof stripeTurns> },
) {
  const { repositories, clock, stripe } = dependencies
  const user = userOf(c)
  const own = await repositories.subscriptions.find(
    subscriptionId(c.req.valid('param').id.toLowerCase()),
  )
  if (own?.userId !== user.userId)
    return problem(c, 'subscription_not_found', 'The user has no subscription with this id.')
  const target = await findTarget(repositories, own, {
    planId: body.plan_id,
    quantity: body.quantity,
    addons: addonsOf(body),
    when: body.when,
    at: clock.now(),
    mayDowngradeNow: mayDowngradeNow(c.get('caller'), dependencies.access),
  })
  if (target.kind === 'refused') {
    const { code, detail, ...extras } = target.refusal
    return problem(c, code, detail, extras)
  }
  const when = effectiveTime(own, target.when)
  const { quantity = own.quantity } = body
  const { after, addons, periodEnd } = target
  const by = { after, actor: user.actor, at: clock.now() }
  const hasMoreAddons = own.status === 'trialing' && addsTo(own.addons, addons)
  if (growsInTrial(own, { ...by, quantity }) || (hasMoreAddons && user.actor === 'user'))
    return problem(c, 'grows_in_trial', refusalByWorkflow('grows_in_trial').detail)
  const { stripeSubscriptionId } = own
  const changesItem = ['charged', 'scheduled'].includes(wayOfChange(own, after, when))
  const trialEnd = trialEndAfterChange(own, by)
  return inTurn(c, async () => {
    if (
      changesItem &&
      stripeSubscriptionId !== null &&
      !(await stripe.hasClearPlan(stripeSubscriptionId))
    )
      return problem(c, 'plan_unclear', refusalByWorkflow('plan_unclear').detail)
    const change = { own, after, quantity, addons, when, trialEnd, periodEnd }
    return c.json(await previewChange(dependencies, change), 200)
  })
}

type Change = {
  readonly own: Subscription
  readonly after: PlanVersion
  readonly quantity: number
  readonly addons: readonly AddonUnits[]
  readonly when: (typeof CHANGE_TIMES)[number]
  readonly trialEnd: Date | 'now' | null
  readonly periodEnd: Date
}

/** @see https://docs.stripe.com/billing/subscriptions/prorations#preview-proration */
async function previewChange(
  { clock, repositories, stripe, flushOverage }: ApiDependencies,
  { own, after, quantity, addons, when, trialEnd, periodEnd }: Change,
): Promise<z.infer<typeof previewSchema>> {
  const now = clock.now()
  const addonsMinor = await priceOfAddons(repositories.plans, addons)
  const price = {
    amount_minor: after.price.amountMinor * quantity + addonsMinor,
    currency: after.price.currency,
  }
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
  const order = { stripeSubscriptionId, quantity, prorationDate, trialEnd }
  const preview = await withPlannedPrices({ stripe, repositories }, after, {
    send: (prices) => stripe.previewPlanChange({ ...order, ...prices }),
    at: now,
    addons,
    held: own.addons,
  })
  return { ...answer, proration_date: prorationDate.toISOString(), ...invoiceView(preview) }
}
