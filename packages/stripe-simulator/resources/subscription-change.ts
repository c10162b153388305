import { applyChange, type Behavior } from '../billing/apply-change.ts'
import { planChange, type Change, type ItemChange } from '../billing/change.ts'
import type { Values } from '../http/params.ts'
import { invalid } from '../http/refusal.ts'
import { periodOf } from '../objects/subscription.ts'
import type { Subscription } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { emit } from '../webhooks/emit.ts'
import { priceOf, refuseArchived } from './prices.ts'
import { isRefused, refusalOf } from './subscription-create.ts'
import type { itemChanges, UPDATE } from './subscription-params.ts'

type Params = Values<typeof UPDATE>

/** Parameters allowed with `pending_if_incomplete`: others could not wait for a payment. */
const BESIDE_PENDING: ReadonlySet<string> = new Set([
  'billing_cycle_anchor',
  'items',
  'metadata',
  'off_session',
  'payment_behavior',
  'proration_behavior',
  'proration_date',
  'trial_end',
  'trial_from_plan',
])

/** Whether an update changes amounts or periods, and not only attributes. */
export const changesBilling = (params: Params): boolean =>
  params.items !== undefined ||
  params.trial_end !== undefined ||
  params.billing_cycle_anchor?.type === 'now'

/**
 * Refuses parameters that cannot wait for the payment of a change.
 * @throws Refusal (400) that names the first.
 * @see https://docs.stripe.com/billing/subscriptions/pending-updates
 */
export function refuseBesidePending(params: Params): void {
  if (params.payment_behavior !== 'pending_if_incomplete') return
  const other = Object.keys(params).find((name) => !BESIDE_PENDING.has(name))
  if (other === undefined) return
  throw invalid(`You cannot set ${other} when payment_behavior is pending_if_incomplete.`, other)
}

type ChangeTerms = Pick<
  Partial<Params>,
  'proration_behavior' | 'proration_date' | 'trial_end' | 'billing_cycle_anchor'
> & { readonly items?: ItemsAsked }
type ItemsAsked = ReturnType<(typeof itemChanges)['read']> | undefined

/** Calculates a change, for an update and for its preview. */
export function plannedChange(
  step: Step,
  row: Subscription,
  asked: ChangeTerms,
  at: string,
): Change {
  const period = periodOf(row)
  const { proration_date: date = step.now } = asked
  if (date < period.start || date > period.end) {
    throw invalid('Cannot prorate outside of the current billing period.', `${at}proration_date`)
  }
  const { trial_end: trialEnd } = asked
  if (typeof trialEnd === 'number' && trialEnd <= step.now) {
    throw invalid('The trial_end must be in the future.', `${at}trial_end`)
  }
  return planChange(step, row, {
    items: itemsOf(step, row, { asked: asked.items, at: `${at}items` }),
    prorates: asked.proration_behavior !== 'none',
    at: date,
    restartsPeriod: asked.billing_cycle_anchor?.type === 'now',
    trialEnd,
  })
}

function itemsOf(
  step: Step,
  row: Subscription,
  { asked, at }: { readonly asked: ItemsAsked; readonly at: string },
): ItemChange[] {
  return (asked ?? []).map((item, index) => {
    const price =
      item.price === undefined ? undefined : priceOf(step, item.price, `${at}[${index}][price]`)
    // The price that an item has already may stay.
    const held = row.items.data.find(({ id }) => id === item.id)
    if (price !== undefined && price.id !== held?.price.id)
      refuseArchived(step, price, `${at}[${index}][price]`)
    return {
      id: item.id,
      price,
      quantity: item.quantity,
      deleted: item.deleted,
      metadata: item.metadata,
    }
  })
}

type Call = { readonly params: Params; readonly also: Partial<Subscription> }

/**
 * Applies an update of items, trial or anchor.
 * @throws Refusal if its payment fails and `payment_behavior` is `error_if_incomplete`.
 */
export function changeBilling(step: Step, row: Subscription, { params, also }: Call): Subscription {
  const change = plannedChange(step, row, params, '')
  const wanted = params.payment_behavior ?? 'allow_incomplete'
  const behavior: Behavior = wanted === 'error_if_incomplete' ? 'allow_incomplete' : wanted
  const invoicesNow = params.proration_behavior === 'always_invoice'
  const { subscription, attempt } = applyChange(step, row, {
    change,
    how: { behavior, invoicesNow, also },
  })
  if (wanted === 'error_if_incomplete' && attempt !== null && isRefused(attempt)) {
    throw refusalOf(attempt)
  }
  // If a trial is cut short, `trial_will_end` is sent at the moment it ends.
  if (row.status === 'trialing' && params.trial_end === 'now') {
    emit(step, 'customer.subscription.trial_will_end', subscription)
  }
  return subscription
}
