import { newItem } from '../objects/subscription.ts'
import { periodOf } from '../objects/subscription.ts'
import { invalid, missing } from '../http/refusal.ts'
import type { LinePlan } from '../objects/invoice.ts'
import { isMetered } from '../objects/price.ts'
import type { Price, Subscription, SubscriptionItem } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { periodLines, recurrence } from './amounts.ts'
import { periodAt, type Span } from './calendar.ts'
import { creditFor, debitFor } from './proration.ts'
import { removedUsageLines } from './usage.ts'

/** One element of `items` in an update: a change of the item `id`, or without an id a new item. */
export type ItemChange = {
  readonly id?: string | undefined
  readonly price?: Price | undefined
  readonly quantity?: number | undefined
  readonly deleted?: boolean | undefined
  readonly metadata?: Readonly<Record<string, string>> | undefined
}

/** A change as a call or a phase requests it; instants are seconds since 1970. */
export type Wanted = {
  readonly items: readonly ItemChange[]
  readonly prorates: boolean
  /** The instant at which credits and debits are calculated. */
  readonly at: number
  readonly restartsPeriod: boolean
  readonly trialEnd: number | 'now' | undefined
}

/** A calculated change that is not applied. A preview contains exactly this. */
export type Change = {
  readonly to: Pick<Subscription, 'items' | 'billing_cycle_anchor'> & Partial<Subscription>
  /** Credits for the old items and debits for the new ones. */
  readonly prorations: readonly LinePlan[]
  /** The invoice of the period that opens immediately, if any. */
  readonly opening: readonly LinePlan[]
  readonly opensPeriod: boolean
}

/** Calculates a change of items, of the trial or of the anchor. */
export function planChange(step: Step, subscription: Subscription, wanted: Wanted): Change {
  const { before, after } = changedItems(step, subscription, wanted.items)
  const timing = timingOf(step, subscription, { wanted, before, after })
  const items = after.map((item) => ({
    ...item,
    current_period_start: timing.period.start,
    current_period_end: timing.period.end,
  }))
  const to = { ...timing.to, items: { ...subscription.items, data: items } }
  const next = { ...subscription, ...to }
  return {
    to,
    prorations: prorations(step, subscription, {
      wanted,
      before,
      after,
      opensPeriod: timing.opens,
    }),
    opening: timing.opens
      ? periodLines(step, next, { period: timing.period, free: timing.isTrial })
      : [],
    opensPeriod: timing.opens,
  }
}

type Items = { readonly before: SubscriptionItem[]; readonly after: SubscriptionItem[] }

function changedItems(
  step: Step,
  subscription: Subscription,
  changes: readonly ItemChange[],
): Items {
  const before = subscription.items.data
  const period = periodOf(subscription)
  const after = changes.reduce<SubscriptionItem[]>((items, change, index) => {
    if (change.id === undefined) {
      if (change.price === undefined)
        throw invalid('Missing required param: items[price].', `items[${index}][price]`)
      const plan = {
        price: change.price,
        quantity: change.quantity ?? 1,
        metadata: change.metadata,
      }
      return [...items, newItem(plan, { subscription: subscription.id, created: step.now, period })]
    }
    const held = items.find(({ id }) => id === change.id)
    if (held === undefined)
      throw missing('subscription_item', change.id, `items[${index}][id]`, 'param')
    if (change.deleted === true) return items.filter(({ id }) => id !== change.id)
    return items.map((item) => (item.id === change.id ? changedItem(step, item, change) : item))
  }, before)
  if (after.length === 0) throw invalid('A subscription needs at least one item.', 'items')
  return { before, after }
}

function changedItem(
  step: Step,
  item: SubscriptionItem,
  { price, quantity, metadata }: ItemChange,
): SubscriptionItem {
  const isOtherMeter = price !== undefined && price.id !== item.price.id && isMetered(price)
  return {
    ...item,
    // A metered item counts from here at its new price.
    ...(isOtherMeter && { created: step.now }),
    price: price ?? item.price,
    quantity: quantity ?? item.quantity ?? 1,
    metadata: { ...item.metadata, ...metadata },
  }
}

type Timing = {
  readonly to: Pick<Subscription, 'billing_cycle_anchor'> & Partial<Subscription>
  readonly period: Span
  readonly opens: boolean
  readonly isTrial: boolean
}

function timingOf(
  step: Step,
  subscription: Subscription,
  { wanted, before, after }: Items & { readonly wanted: Wanted },
): Timing {
  const period = periodOf(subscription)
  const isTrial = subscription.status === 'trialing'
  if (typeof wanted.trialEnd === 'number') {
    const end = wanted.trialEnd
    const start = isTrial ? period.start : step.now
    const trial = { trial_start: subscription.trial_start ?? step.now, trial_end: end }
    const to = { ...trial, billing_cycle_anchor: end, status: 'trialing' as const }
    return { to, period: { start, end }, opens: !isTrial, isTrial: true }
  }
  const every = recurrence(after)
  const endsTrial = isTrial && wanted.trialEnd === 'now'
  const opens =
    endsTrial || (!isTrial && (wanted.restartsPeriod || isOther(every, recurrence(before))))
  if (!opens) {
    return {
      to: { billing_cycle_anchor: subscription.billing_cycle_anchor },
      period,
      opens,
      isTrial,
    }
  }
  const to = {
    billing_cycle_anchor: step.now,
    ...(endsTrial && { status: 'active' as const, trial_end: step.now }),
  }
  return { to, period: periodAt(step.now, every, step.now), opens, isTrial: false }
}

type Every = ReturnType<typeof recurrence>

const isOther = (a: Every, b: Every) =>
  a.interval !== b.interval || a.interval_count !== b.interval_count

type Difference = Items & { readonly wanted: Wanted; readonly opensPeriod: boolean }

function prorations(
  step: Step,
  subscription: Subscription,
  { wanted, before, after, opensPeriod }: Difference,
): LinePlan[] {
  if (!wanted.prorates || subscription.status === 'trialing') return []
  const { at } = wanted
  const used = removedUsageLines(step, subscription, opensPeriod ? [] : after)
  const credits = before
    .filter(({ price }) => !isMetered(price))
    .filter((item) => opensPeriod || !after.some((other) => isSame(item, other)))
    .map((item) => creditFor(step, subscription, { item, at }))
  const debits = opensPeriod
    ? []
    : after
        .filter((item) => !before.some((other) => isSame(item, other)))
        .map((item) => debitFor(step, subscription, { item, at }))
  return [...used, ...[...credits, ...debits].filter(({ amount }) => amount !== 0)]
}

const isSame = (a: SubscriptionItem, b: SubscriptionItem) =>
  a.id === b.id && a.price.id === b.price.id && a.quantity === b.quantity
