import type { z } from '@hono/zod-openapi'
import { derivedUuid } from '../../adapters/secrets/derived-uuid.ts'
import type { PlanVersion } from '../../domain/catalogue/plan.ts'
import { subscriptionKey } from '../../domain/keys.ts'
import { isPreviewFresh } from '../../domain/subscription/plan-change.ts'
import { isInPeriod, type Subscription } from '../../domain/subscription/subscription.ts'
import type { Requester } from '../../workflows/contract.ts'
import type { Caller } from '../auth/caller.ts'
import type { ApiDependencies } from '../environment.ts'
import type { Attempt } from '../idempotency.ts'
import { TOO_MANY_FOR_STRIPE, type StripeShares } from '../stripe-turns.ts'
import type { checkoutChangeSchema, checkoutRequest, confirmationSchema } from './checkout-route.ts'
import { carryOut, type Refusal } from './command.ts'
import { PREVIEW_MINUTES, sendPlanChange } from './plan-change.ts'
import { findChange, previewFound, type Preview } from './change-preview.ts'

type ChangeCall = {
  readonly userId: string
  readonly attempt: Attempt
  readonly body: z.infer<typeof checkoutRequest>
  readonly caller: Caller
  readonly actor: Requester['actor']
  readonly inTurn: StripeShares
}
type Confirmation = z.infer<typeof confirmationSchema>
type Terms = { readonly preview: Preview; readonly confirm: Confirmation }

/** The outcome of a checkout that may change a plan instead. */
export type ChangeOutcome =
  /** The customer has nothing in this product line that could change without a payment page. */
  | { readonly kind: 'checkout' }
  /** `changed`: the terms as they are now, if they are no longer those that were confirmed. */
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly changed?: Terms }
  | { readonly kind: 'answered'; readonly body: z.infer<typeof checkoutChangeSchema> }

/**
 * Changes the plan of the customer's live subscription instead of starting a second one. It first previews the change; only a
 * request that repeats the preview's `confirm` carries it out, so that nothing is charged by surprise.
 */
export async function changeInstead(
  dependencies: ApiDependencies,
  plan: PlanVersion,
  call: ChangeCall,
): Promise<ChangeOutcome> {
  const { userId, attempt, body, caller, actor } = call
  const live = await dependencies.repositories.subscriptions.findLive(userId, plan.productLine)
  // A repeat finds the subscription that its own first attempt started.
  const isOwn = live?.id === derivedUuid(subscriptionKey(userId, attempt.key))
  const { confirm } = body
  // A confirmation is for a change: it starts nothing.
  const noChange: ChangeOutcome =
    confirm === undefined || isOwn
      ? { kind: 'checkout' }
      : { kind: 'refused', refusal: NOTHING_TO_CHANGE }
  if (live === undefined || isOwn || !isInPeriod(live)) return noChange
  const asOf = confirm?.proration_date ?? null
  const decided = await findChange(dependencies, {
    own: live,
    planId: body.plan_id,
    quantity: body.quantity,
    caller,
    actor,
    // Stripe prorates within the present period only. After a renewal, the new preview has another date.
    ...(asOf !== null && new Date(asOf) >= live.period.start && { prorationDate: new Date(asOf) }),
  })
  // First, because a free subscription gets a payment page, which takes discounts and add-ons.
  if (decided.kind === 'refused' && decided.refusal.code === 'checkout_required') return noChange
  const found: Found | 'too_many' =
    problemOf(body, live, dependencies.clock.now()) ??
    (decided.kind === 'refused'
      ? decided
      : await call.inTurn(userId, () => previewFound(dependencies, decided.change)))
  if (found === 'too_many')
    return {
      kind: 'refused',
      refusal: { code: 'rate_limited', detail: TOO_MANY_FOR_STRIPE },
    }
  if (confirm !== undefined) return confirmed(dependencies, { call, live, confirm, found })
  if (found.kind === 'refused') return found
  const { preview } = found
  return answered('change', live, { preview, confirm: confirmationOf(preview) })
}

type Found =
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'previewed'; readonly preview: Preview }
type Confirmed = {
  readonly call: ChangeCall
  readonly live: Subscription
  readonly confirm: Confirmation
  readonly found: Found
}

/** Carries the change out if its terms are still those that were confirmed. */
async function confirmed(
  dependencies: ApiDependencies,
  { call, live, confirm, found }: Confirmed,
): Promise<ChangeOutcome> {
  const { body, attempt, caller, actor } = call
  const movedOn = found.kind === 'previewed' && !isSame(confirmationOf(found.preview), confirm)
  const refusal = found.kind === 'refused' ? found.refusal : movedOn ? MOVED_ON : undefined
  const send = sendPlanChange(dependencies, {
    planId: body.plan_id,
    quantity: body.quantity,
    when: undefined,
    prorationDate: confirm.proration_date,
    caller,
    seen: { planVersionId: live.planVersionId, quantity: live.quantity, addons: live.addons },
  })
  const outcome = await carryOut(dependencies, {
    own: live,
    attempt,
    caller,
    actor,
    operation: 'change-plan',
    // A repeat whose first attempt changed the plan finds other terms, or none, and gets the first answer.
    send: async (command, own) => refusal ?? send(command, own),
  })
  if (outcome.kind === 'done') {
    const preview = found.kind === 'previewed' && !movedOn ? found.preview : null
    const { subscription } = outcome
    return answered('changed', { ...live, status: subscription.status }, { preview, subscription })
  }
  if (!movedOn || outcome.refusal !== MOVED_ON) return outcome
  const { preview } = found
  return { ...outcome, changed: { preview, confirm: confirmationOf(preview) } }
}

function answered(
  kind: 'change' | 'changed',
  { id, status }: Pick<Subscription, 'id' | 'status'>,
  given: Partial<z.infer<typeof checkoutChangeSchema>>,
): ChangeOutcome {
  const empty = { preview: null, confirm: null, subscription: null }
  return { kind: 'answered', body: { kind, subscription_id: id, status, ...empty, ...given } }
}

/** A field that a change cannot honor, or a preview that is too old. */
function problemOf(body: ChangeCall['body'], live: Subscription, now: Date) {
  for (const field of ['promotion_code', 'coupon'] as const)
    if (body[field] !== undefined)
      return invalid(
        `The subscription ${live.id} exists, and a change of plan takes no discount.`,
        {
          field,
          detail: 'is for a first purchase; leave it out for a change of plan',
        },
      )
  if (body.addons.length > 0)
    return invalid('A change of plan here keeps the add-ons.', {
      field: 'addons',
      detail: 'is for a first purchase; change add-ons with PUT /subscriptions/{id}/items',
    })
  const date = body.confirm?.proration_date ?? null
  if (date !== null && !isPreviewFresh(new Date(date), now))
    return invalid('The preview is too old. Send the request without `confirm` for a new one.', {
      field: 'confirm.proration_date',
      detail: `must be from a preview of the last ${PREVIEW_MINUTES} minutes`,
    })
  return undefined
}

const invalid = (detail: string, error: { field: string; detail: string }): Found => ({
  kind: 'refused',
  refusal: { code: 'invalid_request', detail, errors: [error] },
})

const MOVED_ON: Refusal = {
  code: 'moved_on',
  detail:
    'The terms of the change are no longer those that were confirmed. Nothing was changed. `preview` has the present ones.',
  errors: [{ field: 'confirm', detail: 'must be the `confirm` of the latest preview' }],
}

const NOTHING_TO_CHANGE: Refusal = {
  code: 'moved_on',
  detail: 'The customer has no paid plan that could change. Nothing was changed.',
  errors: [{ field: 'confirm', detail: 'must be left out to start a subscription' }],
}

const confirmationOf = ({
  when,
  takes_effect_at,
  proration_date,
  amount_due,
  next_price,
}: Preview) => ({
  when,
  takes_effect_at,
  proration_date,
  amount_due,
  next_price,
})

/** Whether two confirmations charge the same, at the same time, calculated as of the same instant. */
function isSame(a: Confirmation, b: Confirmation): boolean {
  const instant = ({ proration_date: date }: Confirmation) => date && Date.parse(date)
  const money = ({ amount_due: due, next_price: next }: Confirmation) =>
    [due.amount_minor, due.currency, next.amount_minor, next.currency].join('/')
  // A renewal in between moves the end of the period. `now` is another instant in each preview.
  const isSameTime =
    a.when === b.when &&
    (a.when === 'now' || Date.parse(a.takes_effect_at) === Date.parse(b.takes_effect_at))
  return isSameTime && instant(a) === instant(b) && money(a) === money(b)
}
