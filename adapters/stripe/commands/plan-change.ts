import type Stripe from 'stripe'
import type { Span } from '../../../domain/calendar.ts'
import { idOf } from '../reading/ids.ts'
import { toStripeTime } from '../sdk/time.ts'
import type { OveragePrice } from '../reading/overage-prices.ts'
import { planItemOf, planPricesInSight, type KnownPrices } from '../reading/plan-item.ts'
import {
  keyed,
  type GatewayContext,
  type StripeContext,
  type SubscriptionTarget,
} from './context.ts'
import {
  addonChanges,
  hasAddons,
  keptAddons,
  nameOfAddons,
  type WantedAddon,
} from './addon-items.ts'
import { meteredChanges } from './metered-items.ts'
import { phaseItem, phaseSettings } from './schedule-phase.ts'
import { isWaitingFor, voidWaitingChange } from './waiting-change.ts'

/**
 * A change at the end of the period, by a schedule.
 *
 * @see https://docs.stripe.com/billing/subscriptions/subscription-schedules
 */
export type ScheduledPlanChange = SubscriptionTarget & {
  readonly priceId: string
  readonly quantity: number
  /** The add-ons after the change; null keeps the present ones. */
  readonly addons: readonly WantedAddon[] | null
  /** Metered prices for usage beyond the new plan's quota. */
  readonly overage: readonly OveragePrice[]
  /** The length of the new plan's period. */
  readonly span: Span
}
/**
 * A change now, with its proration.
 *
 * @see https://docs.stripe.com/billing/subscriptions/prorations
 */
export type PlanChangeNow = ScheduledPlanChange & {
  /** The instant from which Stripe prorates. With the date of a preview, Stripe charges the previewed amount. */
  readonly prorationDate: Date
  /** The new end of a trial; null leaves it as it is. `now` begins the first period, which is charged. */
  readonly trialEnd: Date | 'now' | null
}

/**
 * Changes the price for the rest of the period and collects the difference. Until that is paid, Stripe keeps the change as a
 * `pending_update`, which expires after 23 hours. Running it twice changes and charges once.
 *
 * @see https://docs.stripe.com/billing/subscriptions/pending-updates
 * @see https://docs.stripe.com/billing/subscriptions/prorations
 */
export async function changePlanNow(context: GatewayContext, order: PlanChangeNow): Promise<void> {
  const current = await releaseSchedule(context, order)
  const { data: items } = current.items
  const planPrices = await planPricesInSight(context.plans, current)
  if (!isWaitingFor(current, order, planPrices)) await voidWaitingChange(context, order, current)
  const item = planItemOf(items, planPrices)
  const { priceId: price, quantity } = order
  if (item === undefined) return
  const addons = addonChanges(items, order.addons, planPrices)
  if (item.price.id === price && item.quantity === quantity && addons.length === 0) return
  const timing = timingOf(order)
  const updated = await context.stripe.subscriptions.update(
    order.stripeSubscriptionId,
    {
      items: [
        // An archived price may stay, if it is not named again.
        { id: item.id, quantity, ...(item.price.id !== price && { price }) },
        ...addons,
        ...keptAddons(items, addons, planPrices),
        ...meteredChanges(items, order.overage, order.span),
      ],
      ...timing,
      // Stripe has no pending updates for invoices that are sent: the change counts at once, as the period does.
      ...(current.collection_method === 'charge_automatically' && {
        payment_behavior: 'pending_if_incomplete',
      }),
    },
    optionsOf(
      context,
      order,
      `change-plan-${price}-${quantity}${nameOfAddons(order.addons)}-${timing.trial_end ?? timing.proration_date}`,
    ),
  )
  // An upgrade withdraws a scheduled cancellation, but only after Stripe has confirmed the upgrade.
  if (updated.pending_update === null) await withdrawCancellation(context, order, updated)
}

/** When the change counts: a trial has nothing to prorate. The preview uses the same parameters. */
export function timingOf({
  prorationDate,
  trialEnd,
}: Pick<PlanChangeNow, 'prorationDate' | 'trialEnd'>) {
  if (trialEnd !== null)
    return {
      proration_behavior: 'none',
      trial_end: trialEnd === 'now' ? trialEnd : toStripeTime(trialEnd),
    } as const
  return {
    proration_behavior: 'always_invoice',
    proration_date: toStripeTime(prorationDate),
  } as const
}

/** Whether a charge has a payment method: the subscription's own, or the customer's default. */
export async function hasPaymentMethod(
  { stripe }: StripeContext,
  stripeSubscriptionId: string,
): Promise<boolean> {
  const { customer, ...own } = await stripe.subscriptions.retrieve(stripeSubscriptionId, {
    expand: ['customer'],
  })
  if (own.default_payment_method !== null || own.default_source !== null) return true
  if (typeof customer === 'string' || customer.deleted === true) return false
  return (
    customer.invoice_settings.default_payment_method !== null || customer.default_source !== null
  )
}

/**
 * Schedules a price change for the end of the period. Stripe carries it out even while our service is down. Running it twice
 * leaves one schedule.
 *
 * @see https://docs.stripe.com/billing/subscriptions/subscription-schedules
 */
export async function schedulePlanChange(
  context: GatewayContext,
  order: ScheduledPlanChange,
): Promise<void> {
  const { stripe } = context
  const current = await stripe.subscriptions.retrieve(order.stripeSubscriptionId, {
    expand: ['schedule'],
  })
  const planPrices = await planPricesInSight(context.plans, current)
  const existing = scheduleOf(current)
  const planned = existing?.phases.at(-1)?.items ?? []
  const last = planItemOf(planned, planPrices)
  const present = current.items.data
  if (
    idOf(last?.price) === order.priceId &&
    last?.quantity === order.quantity &&
    hasAddons(planned, order.addons, { known: planPrices, present })
  )
    return
  await voidWaitingChange(context, order, current)
  // A schedule with one phase was created by an earlier attempt that stopped before the update below.
  const isUnfinished = existing !== null && existing.phases.length === 1
  const schedule = isUnfinished ? existing : await createSchedule(context, order)
  const [phase] = schedule.phases
  const item = planItemOf(present, planPrices)
  if (phase === undefined || item === undefined)
    throw new Error(`Stripe's schedule ${schedule.id} has nothing to continue from`)
  const settings = phaseSettings(current)
  const next = nextItems(current, item, { order, planPrices })
  await stripe.subscriptionSchedules.update(
    schedule.id,
    {
      end_behavior: 'release',
      proration_behavior: 'none',
      phases: [
        {
          ...settings,
          items: present.map(phaseItem),
          start_date: phase.start_date,
          end_date: item.current_period_end,
          ...paidRest(current),
          proration_behavior: 'none',
        },
        {
          ...settings,
          ...next,
        },
      ],
    },
    optionsOf(
      context,
      order,
      `schedule-plan-${order.priceId}-${order.quantity}${nameOfAddons(order.addons)}`,
    ),
  )
}

/** The moved rest of a paid period is a trial at Stripe. A phase that does not repeat its end would end it. */
const paidRest = ({ status, trial_end: end }: Stripe.Subscription) =>
  status === 'trialing' && end !== null ? { trial_end: end } : {}

/**
 * The items of the next period: the plan and add-ons change, metered items follow the plan, and all others stay. A metered item that ends is
 * invoiced for its usage only if the phase prorates; at the end of a period there is nothing else to prorate.
 *
 * @see https://docs.stripe.com/billing/subscriptions/usage-based/manage-billing-setup
 */
function nextItems(
  { items: { data: items } }: Stripe.Subscription,
  planItem: Stripe.SubscriptionItem,
  { order, planPrices }: { readonly order: ScheduledPlanChange; readonly planPrices: KnownPrices },
): Pick<Stripe.SubscriptionScheduleUpdateParams.Phase, 'items' | 'proration_behavior'> {
  const { priceId: price, quantity, overage, span } = order
  const changes = meteredChanges(items, overage, span)
  const addons = addonChanges(items, order.addons, planPrices)
  const removed = new Set(changes.flatMap(({ id, deleted }) => (deleted === true ? [id] : [])))
  const gone = new Set(addons.flatMap((each) => ('deleted' in each ? [each.id] : [])))
  const counts = new Map(
    addons.flatMap((each) =>
      'id' in each && 'quantity' in each ? [[each.id, each.quantity]] : [],
    ),
  )
  const countOf = ({ id }: Stripe.SubscriptionItem) => {
    const count = counts.get(id)
    return count === undefined ? {} : { quantity: count }
  }
  const kept = items
    .filter(({ id }) => !removed.has(id) && !gone.has(id))
    .map((item) => ({
      ...phaseItem(item),
      ...countOf(item),
      ...(item === planItem && { price, quantity }),
    }))
  const added = changes.flatMap(({ price: metered }) =>
    metered === undefined ? [] : [{ price: metered }],
  )
  return {
    items: [...kept, ...addons.filter((each) => 'price' in each), ...added],
    proration_behavior: removed.size > 0 ? 'create_prorations' : 'none',
  }
}

/**
 * Withdraws every pending change at Stripe: a schedule, and a change that waits for its payment. Running it twice finds nothing
 * pending.
 */
export async function dropPendingChange(
  context: StripeContext,
  target: SubscriptionTarget,
): Promise<void> {
  await voidWaitingChange(context, target, await releaseSchedule(context, target))
}

/** Detaches the schedule, because Stripe refuses direct changes to a subscription that has one. */
async function releaseSchedule(
  context: StripeContext,
  target: SubscriptionTarget,
): Promise<Stripe.Subscription> {
  const { stripe } = context
  const current = await stripe.subscriptions.retrieve(target.stripeSubscriptionId)
  const schedule = idOf(current.schedule)
  if (schedule === null) return current
  await stripe.subscriptionSchedules.release(
    schedule,
    {},
    optionsOf(context, target, `release-${schedule}`),
  )
  return { ...current, schedule: null }
}

/** Creates a schedule from the current subscription. Stripe offers no other way to get its current phase. */
async function createSchedule(
  context: StripeContext,
  target: SubscriptionTarget,
): Promise<Stripe.SubscriptionSchedule> {
  const current = await releaseSchedule(context, target)
  await withdrawCancellation(context, target, current)
  return context.stripe.subscriptionSchedules.create(
    { from_subscription: target.stripeSubscriptionId },
    optionsOf(context, target, 'begin-schedule'),
  )
}

async function withdrawCancellation(
  context: StripeContext,
  target: SubscriptionTarget,
  current: Stripe.Subscription,
): Promise<void> {
  if (current.cancel_at === null && !current.cancel_at_period_end) return
  await context.stripe.subscriptions.update(
    target.stripeSubscriptionId,
    { cancel_at: '' },
    optionsOf(context, target, 'keep'),
  )
}

const scheduleOf = ({ schedule }: Stripe.Subscription): Stripe.SubscriptionSchedule | null =>
  schedule === null || typeof schedule === 'string' ? null : schedule

const optionsOf = (
  context: StripeContext,
  { subscriptionId: subject, generation }: SubscriptionTarget,
  command: string,
) => keyed(context, { subject, command, generation })
