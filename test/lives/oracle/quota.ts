import type { Act } from '../acts.ts'
import { spanAt } from './calendar.ts'
import { FEATURE_NAMES, FEATURES, offerOf, type FeatureCode } from './catalogue.ts'
import { liveOf, type Agreement, type Between, type Customer, type Window } from './customer.ts'
import { DAY } from './calendar.ts'

const BEGINNING: Between = { from: 0, to: 0 }
const NEVER_MS = Date.UTC(9999, 11, 31)
const NEVER: Between = { from: NEVER_MS, to: NEVER_MS }
const THRESHOLDS = [80, 100]
/** How long `past_due` keeps access. */
export const GRACE_MS = 7 * DAY

/** The window that contains an instant: an open one keeps its end; the next one starts there or at its boundary. */
export function windowAt(agreement: Agreement, feature: FeatureCode, at: number): Window {
  const open = agreement.windows.get(feature)
  if (open !== undefined && at < open.end.to) return open
  const { months } = offerOf(agreement.choice).quotas[feature]
  const next = { stopped: null, used: 0, granted: 0, beyond: 0, announced: new Set<number>() }
  const window =
    months === null
      ? { ...next, start: BEGINNING, end: NEVER }
      : { ...next, ...between(agreement, months, at, open) }
  agreement.windows.set(feature, window)
  return window
}

/** Running subscriptions have open windows; paused ones open none. */
export function openWindows(agreement: Agreement, at: number): void {
  const isRunning = ['trialing', 'active', 'past_due'].includes(agreement.status)
  if (isRunning) for (const feature of FEATURES) windowAt(agreement, feature, at)
}

/** A free plan's window lasts its whole length, also when it begins at the end of another. */
function between(
  { anchor, choice }: Agreement,
  months: number,
  at: number,
  before: Window | undefined,
) {
  const [early, late] = [spanAt(anchor.from, months, at), spanAt(anchor.to, months, at)]
  if (before === undefined || before.end.to <= early.start)
    return { start: { from: early.start, to: late.start }, end: { from: early.end, to: late.end } }
  const isWhole = offerOf(choice).price === 0
  return {
    start: before.end,
    end: isWhole
      ? {
          from: before.end.from + early.end - early.start,
          to: before.end.to + late.end - late.start,
        }
      : { from: early.end, to: late.end },
  }
}

/** Ends the open windows at that instant; windows that never reset continue. */
export function countAnew(agreement: Agreement, at: Between): void {
  for (const feature of FEATURES) {
    const open = agreement.windows.get(feature)
    if (open === undefined || open.end === NEVER || open.end.from <= at.from) continue
    agreement.windows.set(feature, { ...open, end: at })
  }
}

/** A pause stops the windows: until `continueWindows` they have no end. */
export function stopWindows({ windows }: Agreement, at: number): void {
  for (const [feature, open] of windows)
    if (open.end !== NEVER && at < open.end.to)
      windows.set(feature, { ...open, end: NEVER, stopped: open.end })
}

/** The clock of a subscription that ends while it is paused runs on. */
export function leavePause({ pausedAt, windows }: Agreement, at: number): void {
  if (pausedAt === null) return
  for (const [feature, open] of windows) {
    if (open.stopped === null) continue
    const { from, to } = open.stopped
    const end = { from: from + at - pausedAt.to, to: to + at - pausedAt.from }
    windows.set(feature, { ...open, end, stopped: null })
  }
}

/** Stopped windows end later; one that would end shortly before a boundary of the moved calendar ends there. */
export function continueWindows(agreement: Agreement, at: number, later: Between): void {
  for (const [feature, open] of agreement.windows) {
    if (open.stopped === null) continue
    const end = { from: open.stopped.from + later.from, to: open.stopped.to + later.to }
    const { months } = offerOf(agreement.choice).quotas[feature]
    const next = months === null ? null : spanAt(agreement.anchor.from, months, at)
    const isClose =
      next !== null && next.end > end.to && next.end - end.to < (next.end - next.start) / 4
    agreement.windows.set(feature, {
      ...open,
      end: isClose ? { from: next.end, to: next.end } : end,
      stopped: null,
    })
  }
}

/** Whether features may be used; undefined while that depends on an instant that another clock chose. */
export function hasAccess(agreement: Agreement, at: number): boolean | undefined {
  const { status, cancelAt, pastDueSince } = agreement
  if (status === 'trialing' || status === 'active') return cancelAt === null || at < cancelAt
  if (status !== 'past_due' || pastDueSince === null) return false
  if (at < pastDueSince.from + GRACE_MS) return true
  return at >= pastDueSince.to + GRACE_MS ? false : undefined
}

export type Decision = {
  readonly outcome: 'allowed' | 'refused'
  readonly reason?: string
  readonly used?: number
}

/** The expected answer of `POST /usage/consume`. A negative amount returns usage. */
export function use(
  customer: Customer,
  feature: FeatureCode,
  amount: number,
  at: number,
): Decision {
  const agreement = liveOf(customer)
  const refused = refusal(customer, feature, amount, at)
  if (refused !== undefined || agreement === null) return refused ?? NO_SUBSCRIPTION
  const window = windowAt(agreement, feature, at)
  count(customer, window, feature, amount)
  return { outcome: 'allowed', used: window.used }
}

const NO_SUBSCRIPTION: Decision = { outcome: 'refused', reason: 'no_subscription' }

/** Why an amount may not be used or returned; undefined when it may. */
export function refusal(
  customer: Customer,
  feature: FeatureCode,
  amount: number,
  at: number,
): Decision | undefined {
  const agreement = liveOf(customer)
  if (agreement === null) return NO_SUBSCRIPTION
  // An unpaid checkout grants nothing, so there is no usage to return.
  if (agreement.status === 'incomplete')
    return amount > 0 ? { outcome: 'refused', reason: 'no_access' } : NO_SUBSCRIPTION
  // Returning usage needs no access.
  if (amount > 0 && hasAccess(agreement, at) !== true)
    return { outcome: 'refused', reason: 'no_access' }
  const window = windowAt(agreement, feature, at)
  if (amount < 0 && window.used + amount < 0)
    return { outcome: 'refused', reason: 'more_than_used', used: window.used }
  const left = ownLeft(agreement, window, feature) + (customer.grants.get(feature) ?? 0)
  const { beyond } = offerOf(agreement.choice).quotas[feature]
  if (beyond === 'refuse' && amount > left)
    return { outcome: 'refused', reason: 'quota_exceeded', used: window.used }
  return undefined
}

/** The rest of the window's own limit. */
function ownLeft({ choice }: Agreement, window: Window, feature: FeatureCode): number {
  const { used, granted, beyond } = window
  const { limit } = offerOf(choice).quotas[feature]
  return limit === null ? Infinity : Math.max(0, limit - (used - granted - beyond))
}

/**
 * Usage draws from the limit first, then from grants, and only then beyond; returned usage reduces the part beyond first,
 * then refills grants.
 */
function count(customer: Customer, window: Window, feature: FeatureCode, amount: number): void {
  const agreement = liveOf(customer)
  if (agreement === null) return
  const lacking = Math.max(0, amount - ownLeft(agreement, window, feature))
  const back = Math.min(window.beyond, Math.max(0, -amount))
  const drawn =
    amount < 0
      ? -Math.min(window.granted, -amount - back)
      : Math.min(customer.grants.get(feature) ?? 0, lacking)
  const beyond = amount < 0 ? -back : lacking - drawn
  window.used += amount
  window.granted += drawn
  window.beyond += beyond
  if (offerOf(agreement.choice).quotas[feature].beyond !== 'refuse') customer.metered += beyond
  if (drawn !== 0) customer.grants.set(feature, (customer.grants.get(feature) ?? 0) - drawn)
  const { limit } = offerOf(agreement.choice).quotas[feature]
  if (amount > 0 && limit !== null) sendThresholdLetters(customer, window, feature, limit)
}

/** Parallel calls for the same amount: as many as fit succeed, in any order. */
export function rush(
  customer: Customer,
  { feature, amount, callers }: Extract<Act, { kind: 'rush' }>,
  at: number,
): number {
  let served = 0
  for (let caller = 0; caller < callers; caller++)
    if (use(customer, feature, amount, at).outcome === 'allowed') served += 1
  return served
}

/** Holds an amount, then settles: the work is done, so more than the held amount is counted too, unless it is held itself. */
export function hold(
  customer: Customer,
  { feature, amount, settles }: Extract<Act, { kind: 'hold' }>,
  at: number,
): Decision {
  const refused = refusal(customer, feature, amount, at)
  if (refused !== undefined) return refused
  const agreement = liveOf(customer)
  if (agreement === null) return NO_SUBSCRIPTION
  const isHeld = offerOf(agreement.choice).quotas[feature].months === null
  if (settles > amount && isHeld) return use(customer, feature, settles, at)
  const window = windowAt(agreement, feature, at)
  count(customer, window, feature, settles)
  return { outcome: 'allowed', used: window.used }
}

/** `POST /admin/grants`, for a known user. */
export const grant = ({ grants }: Customer, feature: FeatureCode, amount: number): void =>
  void grants.set(feature, (grants.get(feature) ?? 0) + amount)

function sendThresholdLetters(
  { mails }: Customer,
  { used, announced }: Window,
  feature: FeatureCode,
  limit: number,
) {
  for (const threshold of THRESHOLDS) {
    if (announced.has(threshold) || used * 100 < limit * threshold) continue
    announced.add(threshold)
    mails.push(`You have used ${threshold}% of ${FEATURE_NAMES[feature]}`)
  }
}
