import type Stripe from 'stripe'
import type { Span } from '../../../domain/calendar.ts'
import { idOf } from '../reading/ids.ts'
import { toStripeTime } from '../sdk/time.ts'
import type { OveragePrice } from '../reading/overage-prices.ts'
import { planItemOf, planPricesInSight } from '../reading/plan-item.ts'
import {
  keyed,
  type GatewayContext,
  type StripeContext,
  type SubscriptionTarget,
} from './context.ts'
import { meteredChanges } from './metered-items.ts'
import { phaseItem, phaseSettings } from './schedule-phase.ts'

/**
 * A change at the end of the period, by a schedule.
 *
 * @see https://docs.stripe.com/billing/subscriptions/subscription-schedules
 */
export type ScheduledPlanChange = SubscriptionTarget & {
  readonly priceId: string
  readonly quantity: number
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
  if (item === undefined || (item.price.id === price && item.quantity === quantity)) return
  const timing = timingOf(order)
  const updated = await context.stripe.subscriptions.update(
    order.stripeSubscriptionId,
    {
      items: [
        // An archived price may stay, if it is not named again.
        { id: item.id, quantity, ...(item.price.id !== price && { price }) },
        ...meteredChanges(items, order.overage, order.span),
      ],
      ...timing,
      payment_behavior: 'pending_if_incomplete',
    },
    optionsOf(
      context,
      order,
      `change-plan-${price}-${quantity}-${timing.trial_end ?? timing.proration_date}`,
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
  const last = planItemOf(existing?.phases.at(-1)?.items ?? [], planPrices)
  if (idOf(last?.price) === order.priceId && last?.quantity === order.quantity) return
  await voidWaitingChange(context, order, current)
  // A schedule with one phase was created by an earlier attempt that stopped before the update below.
  const isUnfinished = existing !== null && existing.phases.length === 1
  const schedule = isUnfinished ? existing : await createSchedule(context, order)
  const [phase] = schedule.phases
  const item = planItemOf(current.items.data, planPrices)
  if (phase === undefined || item === undefined)
    throw new Error(`Stripe's schedule ${schedule.id} has nothing to continue from`)
  const settings = phaseSettings(current)
  const present = current.items.data.map(phaseItem)
  const next = nextItems(current, item, order)
  await stripe.subscriptionSchedules.update(
    schedule.id,
    {
      end_behavior: 'release',
      proration_behavior: 'none',
      phases: [
        {
          ...settings,
          items: present,
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
    optionsOf(context, order, `schedule-plan-${order.priceId}-${order.quantity}`),
  )
}

/** The moved rest of a paid period is a trial at Stripe. A phase that does not repeat its end would end it. */
const paidRest = ({ status, trial_end: end }: Stripe.Subscription) =>
  status === 'trialing' && end !== null ? { trial_end: end } : {}

/**
 * The items of the next period: the plan changes, metered items follow it, and all others stay. A metered item that ends is
 * invoiced for its usage only if the phase prorates; at the end of a period there is nothing else to prorate.
 *
 * @see https://docs.stripe.com/billing/subscriptions/usage-based/manage-billing-setup
 */
function nextItems(
  { items: { data: items } }: Stripe.Subscription,
  planItem: Stripe.SubscriptionItem,
  { priceId: price, quantity, overage, span }: ScheduledPlanChange,
): Pick<Stripe.SubscriptionScheduleUpdateParams.Phase, 'items' | 'proration_behavior'> {
  const changes = meteredChanges(items, overage, span)
  const removed = new Set(changes.flatMap(({ id, deleted }) => (deleted === true ? [id] : [])))
  const kept = items
    .filter(({ id }) => !removed.has(id))
    .map((item) => ({ ...phaseItem(item), ...(item === planItem && { price, quantity }) }))
  const added = changes.flatMap(({ price: metered }) =>
    metered === undefined ? [] : [{ price: metered }],
  )
  return {
    items: [...kept, ...added],
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

/** Whether an earlier attempt made this change, which waits for its payment. */
function isWaitingFor(
  { pending_update: update }: Stripe.Subscription,
  order: ScheduledPlanChange,
  planPrices: ReadonlySet<string>,
): boolean {
  const items = update?.subscription_items ?? []
  // The new price may be so new that no plan here has it yet.
  const item =
    items.find(({ price }) => price.id === order.priceId) ?? planItemOf(items, planPrices)
  return item?.price.id === order.priceId && item.quantity === order.quantity
}

/** Voids the invoice of a change that waits for its payment, which withdraws the change. */
async function voidWaitingChange(
  context: StripeContext,
  target: SubscriptionTarget,
  current: Stripe.Subscription,
): Promise<void> {
  const invoice =
    current.pending_update === null ? undefined : await waitingInvoice(context, current)
  // Someone may have voided or paid it since; then nothing waits for it any more.
  if (invoice === undefined) return
  await context.stripe.invoices.voidInvoice(
    invoice.id,
    {},
    optionsOf(context, target, `void-${invoice.id}`),
  )
}

/** Newest first; more open invoices of changes than this do not exist, because a newer change voids the older one's. */
const INVOICES_MAX = 10

/** The invoice of a change that waits for its payment. A renewal since then is the latest invoice, and must stay. */
async function waitingInvoice(
  { stripe }: StripeContext,
  { id, latest_invoice: latest }: Stripe.Subscription,
): Promise<Stripe.Invoice | undefined> {
  const { data } = await stripe.invoices.list({
    subscription: id,
    status: 'open',
    limit: INVOICES_MAX,
  })
  const ofChanges = data.filter(({ billing_reason: reason }) => reason === 'subscription_update')
  return ofChanges.find((each) => each.id === idOf(latest)) ?? ofChanges[0]
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
