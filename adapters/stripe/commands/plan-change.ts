import type Stripe from 'stripe'
import { idOf } from '../reading/ids.ts'
import { toStripeTime } from '../sdk/time.ts'
import { keyed, type StripeContext, type SubscriptionTarget } from './context.ts'

export type ScheduledPlanChange = SubscriptionTarget & {
  readonly priceId: string
  readonly quantity: number
}
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
export async function changePlanNow(context: StripeContext, order: PlanChangeNow): Promise<void> {
  const current = await releaseSchedule(context, order)
  if (!isWaitingFor(current, order)) await voidWaitingChange(context, order, current)
  const item = current.items.data[0]
  const { priceId: price, quantity } = order
  if (item === undefined || (item.price.id === price && item.quantity === quantity)) return
  const timing = timingOf(order)
  const updated = await context.stripe.subscriptions.update(
    order.stripeSubscriptionId,
    {
      items: [{ id: item.id, price, quantity }],
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
  context: StripeContext,
  order: ScheduledPlanChange,
): Promise<void> {
  const { stripe } = context
  const current = await stripe.subscriptions.retrieve(order.stripeSubscriptionId, {
    expand: ['schedule'],
  })
  const existing = scheduleOf(current)
  const last = existing?.phases.at(-1)?.items[0]
  if (last?.price === order.priceId && last.quantity === order.quantity) return
  await voidWaitingChange(context, order, current)
  // A schedule with one phase was created by an earlier attempt that stopped before the update below.
  const isUnfinished = existing !== null && existing.phases.length === 1
  const schedule = isUnfinished ? existing : await createSchedule(context, order)
  const [phase] = schedule.phases
  const [item] = current.items.data
  if (phase === undefined || item === undefined)
    throw new Error(`Stripe's schedule ${schedule.id} has nothing to continue from`)
  await stripe.subscriptionSchedules.update(
    schedule.id,
    {
      end_behavior: 'release',
      proration_behavior: 'none',
      phases: [
        {
          items: [{ price: item.price.id, quantity: item.quantity ?? 1 }],
          start_date: phase.start_date,
          end_date: item.current_period_end,
          proration_behavior: 'none',
        },
        { items: [{ price: order.priceId, quantity: order.quantity }], proration_behavior: 'none' },
      ],
    },
    optionsOf(context, order, `schedule-plan-${order.priceId}-${order.quantity}`),
  )
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
function isWaitingFor(current: Stripe.Subscription, order: ScheduledPlanChange): boolean {
  const [item] = current.pending_update?.subscription_items ?? []
  return item?.price.id === order.priceId && item.quantity === order.quantity
}

/** Voids the invoice of a change that waits for its payment, which withdraws the change. */
async function voidWaitingChange(
  context: StripeContext,
  target: SubscriptionTarget,
  current: Stripe.Subscription,
): Promise<void> {
  const invoice = current.pending_update === null ? null : idOf(current.latest_invoice)
  if (invoice === null) return
  await context.stripe.invoices.voidInvoice(
    invoice,
    {},
    optionsOf(context, target, `void-${invoice}`),
  )
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
