import type Stripe from 'stripe'
import { stripeKey } from '../../../domain/keys.ts'
import type { PlanChangeTarget } from './gateway.ts'
import { idOf } from '../reading/snapshot.ts'

type Context = { readonly stripe: Stripe; readonly environment: string }

export type PlanChangeNow = PlanChangeTarget & {
  readonly priceId: string
  readonly quantity: number
  /** As of when credit and charge are reckoned; the one that a preview used charges what it said. */
  readonly prorationDate: Date
}
export type ScheduledPlanChange = PlanChangeTarget & {
  readonly priceId: string
  readonly quantity: number
}

/**
 * Changes the price for the rest of the period and collects the difference. Unpaid, Stripe holds the change back for 23
 * hours (`pending_update`) and then forgets it.
 */
export async function changePlanNow(context: Context, order: PlanChangeNow): Promise<void> {
  const held = await release(context, order)
  const item = held.items.data[0]
  const { priceId: price, quantity } = order
  if (item === undefined || (item.price.id === price && item.quantity === quantity)) return
  const prorationDate = Math.floor(order.prorationDate.getTime() / 1_000)
  const updated = await context.stripe.subscriptions.update(
    order.stripeSubscriptionId,
    {
      items: [{ id: item.id, price, quantity }],
      proration_behavior: 'always_invoice',
      proration_date: prorationDate,
      payment_behavior: 'pending_if_incomplete',
    },
    {
      idempotencyKey: keyOf(context, order, `change-plan-${price}-${quantity}-${prorationDate}`),
    },
  )
  // Who buys means to stay: a cancellation that was scheduled gives way, once the change has happened.
  if (updated.pending_update === null) await keep(context, order, updated)
}

/** Lets Stripe change the price when the period ends, also while we are away. */
export async function schedulePlanChange(
  context: Context,
  order: ScheduledPlanChange,
): Promise<void> {
  const { stripe } = context
  const held = await stripe.subscriptions.retrieve(order.stripeSubscriptionId, {
    expand: ['schedule'],
  })
  const schedule = scheduleOf(held)
  const last = schedule?.phases.at(-1)?.items[0]
  if (last?.price === order.priceId && last.quantity === order.quantity) return
  // A schedule of one phase was only just made by an attempt that went no further.
  const isFresh = schedule !== null && schedule.phases.length === 1
  const begun = isFresh ? schedule : await begin(context, order)
  const [phase] = begun.phases
  const [item] = held.items.data
  if (phase === undefined || item === undefined)
    throw new Error(`Stripe's schedule ${begun.id} has nothing to continue from`)
  await stripe.subscriptionSchedules.update(
    begun.id,
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
    { idempotencyKey: keyOf(context, order, `schedule-plan-${order.priceId}-${order.quantity}`) },
  )
}

/** Takes back whatever is pending at Stripe: a schedule, and a change that waits for its payment. */
export async function dropPendingChange(context: Context, order: PlanChangeTarget): Promise<void> {
  const held = await release(context, order)
  const invoice = held.pending_update === null ? null : idOf(held.latest_invoice)
  if (invoice === null) return
  await context.stripe.invoices.voidInvoice(
    invoice,
    {},
    { idempotencyKey: keyOf(context, order, `void-${invoice}`) },
  )
}

/** The subscription without a schedule: while one is attached, Stripe refuses to change anything directly. */
async function release(context: Context, order: PlanChangeTarget): Promise<Stripe.Subscription> {
  const { stripe } = context
  const held = await stripe.subscriptions.retrieve(order.stripeSubscriptionId)
  const schedule = idOf(held.schedule)
  if (schedule === null) return held
  await stripe.subscriptionSchedules.release(
    schedule,
    {},
    { idempotencyKey: keyOf(context, order, `release-${schedule}`) },
  )
  return { ...held, schedule: null }
}

/** A schedule that says what is so already: its present phase cannot be had otherwise. */
async function begin(
  context: Context,
  order: PlanChangeTarget,
): Promise<Stripe.SubscriptionSchedule> {
  const held = await release(context, order)
  await keep(context, order, held)
  return context.stripe.subscriptionSchedules.create(
    { from_subscription: order.stripeSubscriptionId },
    { idempotencyKey: keyOf(context, order, 'begin-schedule') },
  )
}

/** Withdraws a cancellation that is scheduled. */
async function keep(
  context: Context,
  order: PlanChangeTarget,
  held: Stripe.Subscription,
): Promise<void> {
  if (held.cancel_at === null && !held.cancel_at_period_end) return
  await context.stripe.subscriptions.update(
    order.stripeSubscriptionId,
    { cancel_at: '' },
    { idempotencyKey: keyOf(context, order, 'keep') },
  )
}

const scheduleOf = ({ schedule }: Stripe.Subscription): Stripe.SubscriptionSchedule | null =>
  schedule === null || typeof schedule === 'string' ? null : schedule

const keyOf = (
  { environment }: Context,
  { subscriptionId: subject, generation }: PlanChangeTarget,
  command: string,
): string => stripeKey({ environment, subject, command, generation })
