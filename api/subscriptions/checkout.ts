import { OpenAPIHono, type z } from '@hono/zod-openapi'
import { derivedUuid } from '../../adapters/secrets/derived-uuid.ts'
import type { CheckoutDiscount } from '../../adapters/stripe/commands/checkout.ts'
import type { WorkflowReply } from '../../adapters/temporal/reply.ts'
import { isFree, type PlanVersion } from '../../domain/catalogue/plan.ts'
import type { AddonUnits } from '../../domain/subscription/subscription.ts'
import type { CheckoutTax } from '../../domain/stripe/tax.ts'
import { subscriptionKey, userCommandKey } from '../../domain/keys.ts'
import { DISCOUNT_REFUSED, type CheckoutAnswer, type Requester } from '../../workflows/contract.ts'
import { stripeShares, TOO_MANY_FOR_STRIPE, type StripeShares } from '../stripe-turns.ts'
import type { Caller } from '../auth/caller.ts'
import { userOf } from '../auth/user.ts'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { answerOnce, problemAnswer, type Answer, type Attempt } from '../idempotency.ts'
import { problem, type ProblemCode, type ProblemExtras } from '../problem.ts'
import { acceptedLocale } from '../web/locale.ts'
import { validationHook } from '../validation.ts'
import { changeInstead, type ChangeOutcome } from './checkout-change.ts'
import { checkoutRequest, checkoutRoute, type checkoutSchema } from './checkout-route.ts'
import { beginByItself } from '../usage/auto-attach.ts'
import { findNewAddons, problemOf, refused } from './addon-target.ts'
import { discountFor } from './discount.ts'
import { addonsOf } from './items.ts'
import { isOver, refusalOf } from './refusal.ts'

type CheckoutCall = {
  readonly userId: string
  /** Its idempotency key names the subscription and the command. */
  readonly attempt: Attempt
  readonly caller: Caller
  readonly actor: Requester['actor']
  readonly body: z.infer<typeof checkoutRequest>
  readonly email: string | undefined
  /** The language that the request prefers. */
  readonly accepted: string | undefined
  /** For what is asked of Stripe before the workflow has the command: codes, and previews of changes. */
  readonly inTurn: StripeShares
}

type Refuse = (code: ProblemCode, detail: string, extras?: ProblemExtras) => Answer

/** Starts a subscription. Its id is derived from the idempotency key, so a repeat starts no second one. */
export const checkout = (dependencies: ApiDependencies) => {
  const inTurn = stripeShares()
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook }).openapi(
    checkoutRoute,
    async (c) => {
      const user = userOf(c)
      const { userId, actor } = user
      const body = c.req.valid('json')
      const caller = c.get('caller')
      // Otherwise users could have e-mails sent to other people.
      if (caller.kind === 'user_token' && body.email !== undefined && body.email !== caller.email)
        return problem(c, 'invalid_request', '`email` must be the address of the user’s token.', {
          errors: [{ field: 'email', detail: 'must be left out with a user’s token' }],
        })
      if (caller.kind === 'user_token' && body.coupon !== undefined)
        return problem(c, 'invalid_request', '`coupon` requires an API key.', {
          errors: [{ field: 'coupon', detail: 'send a `promotion_code` with a user’s token' }],
        })
      // Without a card, only the address recognizes a person who had a trial.
      if (caller.kind === 'user_token' && body.payment_method_collection === 'if_required')
        return problem(c, 'invalid_request', 'A trial without a card requires an API key.', {
          errors: [
            {
              field: 'payment_method_collection',
              detail: 'must be left out, or `always`, with a user’s token',
            },
          ],
        })
      const taxField = TAX_FIELDS.find((field) => body[field] !== undefined)
      if (caller.kind === 'user_token' && taxField !== undefined)
        return problem(c, 'invalid_request', `\`${taxField}\` requires an API key.`, {
          errors: [{ field: taxField, detail: 'must be left out with a user’s token' }],
        })
      const email = (caller.kind === 'user_token' ? caller.email : body.email) ?? undefined
      const refuse: Refuse = (...given) => problemAnswer(c, ...given)
      if (body.confirm !== undefined && body.if_subscribed !== 'change')
        return problem(c, 'invalid_request', '`confirm` requires `if_subscribed`: `change`.', {
          errors: [{ field: 'confirm', detail: 'requires `if_subscribed`: `change`' }],
        })
      const keyed = { caller: `user/${userId}`, request: requestOf(body) }
      const accepted = acceptedLocale(c.req.header('accept-language'))
      const call = { userId, actor, caller, body, email, accepted, inTurn }
      return answerOnce(c, dependencies, keyed, (attempt) =>
        start(dependencies, { ...call, attempt }, refuse),
      )
    },
  )
}

/** The request of an idempotency key, as earlier releases stored it: their keys must match their repeats. */
function requestOf(body: CheckoutCall['body']) {
  const { quantity = body.if_subscribed === 'change' ? undefined : 1 } = body
  const addons = body.addons.length > 0 ? body.addons : undefined
  const given: Record<string, unknown> = { ...body, quantity, addons }
  const fields = Object.keys(checkoutRequest.shape).map((name) => [name, given[name]])
  return { operation: 'checkout', body: Object.fromEntries(fields) }
}

const asksForDiscount = ({ promotion_code: code, coupon }: CheckoutCall['body']): boolean =>
  code !== undefined || coupon !== undefined

async function start(
  dependencies: ApiDependencies,
  call: CheckoutCall,
  refuse: Refuse,
): Promise<Answer> {
  const { repositories, clock } = dependencies
  const { body, userId, email } = call
  const plan = await repositories.plans.findOffered(body.plan_id, {
    userId,
    at: clock.now(),
    currency: body.currency,
  })
  if (plan === undefined)
    return refuse(
      'plan_not_found',
      `There is no plan \`${body.plan_id}\`. GET /api/v1/billing/plans lists all plans.`,
    )
  if (body.currency !== undefined && body.currency !== plan.price.currency)
    return refuse('invalid_request', `The plan is not sold in \`${body.currency}\`.`, {
      errors: [{ field: 'currency', detail: `${plan.slug} is not sold in ${body.currency}` }],
    })
  const items = await addonsFor(dependencies, plan, body)
  if (items.kind === 'refused') return refuse(...problemOf(items.refusal))
  if (body.if_subscribed === 'change') {
    const instead = await changeInstead(dependencies, plan, call)
    if (instead.kind === 'answered') return { status: 200, body: instead.body }
    if (instead.kind === 'refused') return refuseChange(instead, refuse)
  }
  const order = { ...body, quantity: body.quantity ?? 1 }
  const find = () => discountFor(dependencies.stripe, order, plan)
  const found = await (asksForDiscount(body) ? call.inTurn(userId, find) : find())
  if (found === 'too_many') return refuse('rate_limited', TOO_MANY_FOR_STRIPE)
  if (found.kind === 'wrong')
    return refuse('invalid_request', 'The discount is not valid.', { errors: [found.problem] })
  const { time_zone: timeZone } = body
  const isKnown = (await repositories.customers.find(userId)) !== undefined
  const locale = body.locale ?? (isKnown ? undefined : call.accepted)
  await repositories.customers.upsert(
    { userId, ...(email && { email }), ...(locale && { locale }), ...(timeZone && { timeZone }) },
    clock.now(),
  )
  const { discount } = found
  const { addons } = items
  const { subscriptionId, reply } = await sendCheckout(dependencies, {
    plan,
    discount,
    addons,
    call,
  })
  if (reply.kind === 'answered') return answerOf(reply.answer, subscriptionId, refuse)
  if (reply.kind === 'rejected' && reply.code === DISCOUNT_REFUSED)
    return refuse('invalid_request', 'The discount is not valid.', {
      errors: [{ field: fieldOfDiscount(body), detail: REFUSED_DISCOUNT }],
    })
  const { code, detail } = refusalOf(reply)
  return refuse(code, detail)
}

/** The add-ons of a checkout. Nothing is paid in a trial, so there are none then. */
async function addonsFor(
  { repositories: { plans } }: ApiDependencies,
  plan: PlanVersion,
  { addons }: CheckoutCall['body'],
) {
  if (addons.length > 0 && plan.trialDays > 0)
    return refused({
      code: 'grows_in_trial',
      detail: `The plan \`${plan.slug}\` has a trial, in which nothing is paid. Add the add-ons when it is paid.`,
      errors: [{ field: 'addons', detail: 'must be left out for a plan with a trial' }],
    })
  return findNewAddons(plans, plan, addonsOf({ addons }) ?? [])
}

function refuseChange(
  { refusal, changed }: Extract<ChangeOutcome, { kind: 'refused' }>,
  refuse: Refuse,
): Answer {
  const { code, detail, ...extras } = refusal
  const { status, body } = refuse(code, detail, extras)
  return { status, body: { ...Object(body), ...changed } }
}

/** It was still valid when the request was checked. */
const REFUSED_DISCOUNT = 'is used up, expired, or not for this customer; send another one, or none'

const fieldOfDiscount = ({ promotion_code: code }: CheckoutCall['body']): string =>
  code === undefined ? 'coupon' : 'promotion_code'

type Order = {
  readonly plan: PlanVersion
  readonly discount: CheckoutDiscount | null
  readonly addons: readonly AddonUnits[]
  readonly call: CheckoutCall
}

/**
 * Sends the checkout to the workflow of the user's live subscription, or to that of a new one, whose id is derived from the
 * idempotency key. If the live subscription ends in this moment, the new one gets the checkout.
 */
async function sendCheckout(dependencies: ApiDependencies, order: Order) {
  const {
    userId,
    attempt: { key },
  } = order.call
  const { subscriptions } = dependencies.repositories
  const { productLine } = order.plan
  const newId = derivedUuid(subscriptionKey(userId, key))
  const find = () => subscriptions.findLive(userId, productLine)
  let live = await find()
  if (live === undefined && !isFree(order.plan)) {
    // The free plan that the customer has by itself begins first: it lasts while the page is open, and if it is never paid.
    const isWanted = (plan: PlanVersion) => plan.productLine === productLine
    const begun = await beginByItself(dependencies, { userId, isWanted })
    if (begun.kind === 'unavailable')
      return { subscriptionId: newId, reply: { kind: 'unavailable' as const } }
    if (begun.kind === 'begun') live = await find()
  }
  const subscriptionId = live?.id ?? newId
  const reply = await sendTo(dependencies, subscriptionId, order)
  if (subscriptionId === newId || !isOver(reply)) return { subscriptionId, reply }
  return { subscriptionId: newId, reply: await sendTo(dependencies, newId, order) }
}

function sendTo(
  { workflows, publicUrl }: ApiDependencies,
  subscriptionId: string,
  { plan, discount, addons, call: { userId, attempt, body } }: Order,
): Promise<WorkflowReply<CheckoutAnswer>> {
  const tax = taxOfPage(body)
  return workflows.checkout(
    { subscriptionId, userId, commandId: userCommandKey(attempt.key) },
    {
      planVersionId: plan.id,
      free: isFree(plan),
      quantity: body.quantity ?? 1,
      paymentMethodCollection: body.payment_method_collection,
      successUrl: body.success_url ?? `${publicUrl}/checkout/complete`,
      cancelUrl: body.cancel_url ?? `${publicUrl}/checkout/canceled`,
      ...(discount && { discount }),
      ...(addons.length > 0 && { addons }),
      ...(Object.keys(tax).length > 0 && { tax }),
    },
  )
}

/** The tax settings that an application chooses for one page. Users choose none: it is not for them to say what is taxed. */
const TAX_FIELDS = [
  'automatic_tax',
  'tax_id_collection',
  'billing_address_collection',
] as const satisfies readonly (keyof CheckoutCall['body'])[]

const taxOfPage = ({
  automatic_tax: automatic,
  tax_id_collection: taxIds,
  billing_address_collection: billingAddress,
}: CheckoutCall['body']): CheckoutTax => ({
  ...(automatic !== undefined && { automatic }),
  ...(taxIds !== undefined && { taxIds }),
  ...(billingAddress !== undefined && { billingAddress }),
})

const PROCESSING =
  'The customer has already paid by a method that takes some days. Nothing has to be paid again: the subscription starts when the bank confirms.'

function answerOf(answer: CheckoutAnswer, subscriptionId: string, refuse: Refuse): Answer {
  if (answer.kind === 'opened') {
    const body: z.infer<typeof checkoutSchema> = {
      kind: 'checkout',
      subscription_id: subscriptionId,
      status: answer.status,
      checkout_url: answer.checkoutUrl,
      expires_at: answer.expiresAt,
      trial_days: answer.trialDays ?? 0,
    }
    return { status: 201, body }
  }
  const extras = answer.by === null ? {} : { subscriptionId: answer.by }
  if (answer.code === 'payment_processing') return refuse(answer.code, PROCESSING, extras)
  return answer.code === 'checkout_already_paid'
    ? refuse(
        answer.code,
        'The open checkout was just paid. GET /subscriptions/current shows the subscription.',
        extras,
      )
    : refuse(
        answer.code,
        'This customer already has a paid plan. Change it with PUT /subscriptions/{id}/plan, or send `if_subscribed`: `change`.',
        extras,
      )
}
