import { periodOf } from '../objects/subscription.ts'
import type { Phase } from '../objects/schedule.ts'
import type { Schedule, Subscription } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { emit, revise } from '../webhooks/emit.ts'
import { applyChange } from './apply-change.ts'
import { planChange, type ItemChange } from './change.ts'
import { endSubscription, reviseSubscription } from './changes.ts'
import { closeSchedule } from './schedule-end.ts'
import { phaseSettings } from './schedule-phase.ts'
import { keepItems } from './pending-items.ts'
import { removedUsageLines } from './usage.ts'

/** Advances a schedule if its phase ends at this instant. Returns the resulting subscription. */
export function advanceSchedule(step: Step, subscription: Subscription): Subscription {
  const schedule = step.find('schedules', subscription.schedule ?? '')
  if (schedule?.status !== 'active' || (schedule.current_phase?.end_date ?? Infinity) > step.now) {
    return subscription
  }
  const next = schedule.phases.find(
    ({ start_date: start }) => start === schedule.current_phase?.end_date,
  )
  return next === undefined
    ? finishSchedule(step, schedule, subscription)
    : enterPhase(step, subscription, { schedule, phase: next })
}

type Entry = { readonly schedule: Schedule; readonly phase: Phase }

function enterPhase(
  step: Step,
  subscription: Subscription,
  { schedule, phase }: Entry,
): Subscription {
  revise(step, 'schedules', {
    row: schedule,
    to: { current_phase: { start_date: phase.start_date, end_date: phase.end_date } },
    event: 'subscription_schedule.updated',
  })
  return applyPhase(step, subscription, { schedule, phase })
}

/** Makes a subscription what a phase says: when it begins, and when the present one is edited. */
export function applyPhase(
  step: Step,
  subscription: Subscription,
  { schedule, phase }: Entry,
): Subscription {
  const items = itemChanges(step, subscription, phase)
  const also = phaseSettings(step, subscription, { schedule, phase })
  const atBoundary = periodOf(subscription).end <= step.now
  const prorates = phase.proration_behavior !== 'none'
  if (atBoundary) return swapItems(step, subscription, { items, also, prorates })
  const change = planChange(step, subscription, {
    items,
    prorates,
    at: step.now,
    restartsPeriod: false,
    trialEnd: undefined,
  })
  const invoicesNow = phase.proration_behavior === 'always_invoice'
  const how = { behavior: 'allow_incomplete', invoicesNow, also } as const
  return applyChange(step, subscription, { change, how }).subscription
}

type Swap = {
  readonly items: readonly ItemChange[]
  readonly also: Partial<Subscription>
  readonly prorates: boolean
}

/**
 * A change between two periods has no proration: the renewal after it invoices the new items. The usage of a metered item that
 * ends here is invoiced with it, unless the phase prorates nothing.
 */
function swapItems(
  step: Step,
  subscription: Subscription,
  { items, also, prorates }: Swap,
): Subscription {
  const wanted = {
    items,
    prorates: false,
    at: step.now,
    restartsPeriod: false,
    trialEnd: undefined,
  }
  const held = subscription.items.data
  const { to } = planChange(step, subscription, wanted)
  const data = to.items.data.map((item) => ({
    ...item,
    current_period_start: held[0]?.current_period_start ?? item.current_period_start,
    current_period_end: step.now,
  }))
  if (prorates) keepItems(step, subscription, removedUsageLines(step, subscription, data))
  return reviseSubscription(step, subscription, { ...also, items: { ...to.items, data } })
}

/** An item whose price stays keeps its id; the others take the places that are left, in their order. */
function itemChanges(step: Step, { items }: Subscription, phase: Phase): ItemChange[] {
  const left = [...items.data]
  const take = (fits: (price: string) => boolean) => {
    const at = left.findIndex(({ price }) => fits(price.id))
    return at === -1 ? undefined : left.splice(at, 1)[0]
  }
  const kept = phase.items.map(({ price }) => take((each) => each === price))
  const wanted = phase.items.map(({ price, quantity, metadata }, index) => ({
    id: (kept[index] ?? take(() => true))?.id,
    price: step.find('prices', price),
    quantity: quantity ?? 1,
    metadata: metadata ?? {},
  }))
  return [...wanted, ...left.map(({ id }) => ({ id, deleted: true }))]
}

function finishSchedule(step: Step, schedule: Schedule, subscription: Subscription): Subscription {
  if (schedule.end_behavior !== 'cancel') {
    return releaseSchedule(step, schedule, subscription)
  }
  closeSchedule(step, schedule, 'completed')
  return endSubscription(step, { ...subscription, schedule: null }, 'cancellation_requested')
}

/** Releases the subscription: it continues unchanged without a schedule. */
export function releaseSchedule(
  step: Step,
  schedule: Schedule,
  subscription: Subscription,
): Subscription {
  const released = reviseSubscription(step, subscription, { schedule: null })
  const closed = step.put('schedules', {
    ...schedule,
    current_phase: null,
    released_at: step.now,
    released_subscription: subscription.id,
    status: 'released',
    subscription: null,
  })
  emit(step, 'subscription_schedule.released', closed)
  return released
}
